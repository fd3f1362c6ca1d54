/**
 * Loads XML files into BigQuery tables, whole files or nothing, in constant memory. The map of the
 * flow:
 *
 * <pre>
 * {@link io.xmltobigquery.flow.find}   which file versions to load: by pattern or by notification
 *      |  FileVersion
 * {@link io.xmltobigquery.flow.read}       Inspect: reads each file once, finds it good or bad, cuts it into chunks
 *      |  FileChunk                    \ FileOutcome
 * {@link io.xmltobigquery.flow.read}       Parse: chunks in parallel   {@link io.xmltobigquery.flow.settle}  keeps what is bad
 *      |  rows                         /
 * {@link io.xmltobigquery.flow.write}        writes rows: BigQuery or JSON Lines
 *      |  written
 * {@link io.xmltobigquery.outcome}       file_loads: one row for each file version
 *      |  recorded
 * {@link io.xmltobigquery.flow.settle}     deletes staged copies and, if told, the files
 * </pre>
 *
 * <p>Below them, without Beam: {@link io.xmltobigquery.mapping} says which elements become which
 * columns, {@link io.xmltobigquery.xml} reads records by it. {@link io.xmltobigquery.files} is how
 * all of them reach files, {@link io.xmltobigquery.flow} what a streaming job needs besides when
 * workers die, {@link io.xmltobigquery.coders} the bytes of what a running job holds. Above them,
 * {@link io.xmltobigquery.cli} is the command.
 */
package io.xmltobigquery;
