/**
 * Reading files: {@link io.xmltobigquery.flow.read.Read} reads each file version once, finds it
 * good or bad, and holds its rows.
 *
 * <p>May import {@code flow.held} and what is below. What it reads comes as data: it needs nothing
 * of {@code find}.
 */
package io.xmltobigquery.flow.read;
