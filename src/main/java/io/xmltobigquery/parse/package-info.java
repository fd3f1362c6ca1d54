/**
 * The two passes over a file: {@link io.xmltobigquery.parse.Inspect} finds it good or bad and cuts
 * it, {@link io.xmltobigquery.parse.Parse} turns the pieces into rows.
 */
package io.xmltobigquery.parse;
