/**
 * The two passes over a file: {@link io.xmltobigquery.flow.read.Inspect} finds it good or bad and
 * cuts it, {@link io.xmltobigquery.flow.read.Parse} turns the pieces into rows.
 *
 * <p>May import {@code flow} and what is below. What it reads comes as data: it needs nothing of
 * {@code find}.
 */
package io.xmltobigquery.flow.read;
