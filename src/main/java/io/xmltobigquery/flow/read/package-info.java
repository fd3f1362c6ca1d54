/**
 * The two passes over a file: {@link io.xmltobigquery.flow.read.Inspect} finds it good or bad and
 * cuts it, {@link io.xmltobigquery.flow.read.Parse} turns the pieces into rows.
 */
package io.xmltobigquery.flow.read;
