/**
 * Rows on their way from reading to writing. They are held until all of their file was read and
 * found good: {@link io.xmltobigquery.flow.held.HoldRows} writes {@code Block}s of them, in memory
 * while they are few and else in a file, {@link io.xmltobigquery.flow.held.HeldRanges} groups what
 * is held of a good file, and {@link io.xmltobigquery.flow.held.Release} makes of each range what a
 * write takes. What rows look like meanwhile is the output's choice: {@link
 * io.xmltobigquery.flow.held.RowEncoding}.
 *
 * <p>May import {@code flow} and what is below; it needs nothing of {@code find}.
 */
package io.xmltobigquery.flow.held;
