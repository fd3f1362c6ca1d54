/**
 * Loads XML files into BigQuery tables, whole files or nothing, in constant memory.
 *
 * <p>This is how data flows. {@link io.xmltobigquery.XmlToBigQuery#build} is the same in code:
 *
 * <pre>
 * flow.find     which file versions to load: by pattern or by notification
 *      |  FileVersion
 * flow.read     reads each file once, finds it good or bad, and holds its rows
 *      |  HeldRange                  \ FileOutcome
 * flow.held     releases the rows     |
 *      |  rows                        |
 * flow.write    writes rows: BigQuery or JSON Lines
 *      |  written                    /
 * flow.settle   keeps what is bad, writes file_loads (one row for each file version),
 *               deletes held rows and, if told, the files
 * </pre>
 *
 * <p>And this is the order of the packages, the highest first. A package imports only from packages
 * below it:
 *
 * <pre>
 * cli                      the command
 * (this package)           the pipeline on one screen, and its coders and outputs
 * replay                   what is in the dead letter, taken back
 * check                    what is looked at before a launch
 * propose                  a mapping made of samples
 * trial                    what a load would make of files
 * explore                  what is in files, without a mapping
 * flow
 *   settle                 after the rows
 *   write
 *     bigquery             BigQuery, with beam (Beam's internals) and wire (bytes) below it
 *     jsonl                JSON Lines
 *     (flow.write)         what both have in common
 *   read                   from files to held rows
 *   held                   rows between reading and writing
 *   find                   which files
 *   (flow)                 what several steps need when workers die
 * pubsub                   notifications
 * options                  what the user asked for
 * outcome                  what became of a file version
 * files                    files at one version
 * coders                   what coders share
 * xsd                      what schemas declare       |
 * profile                  what is in documents       |
 * xml                      from bytes to records      | plain Java,
 * rows                     records as rows            | without Beam
 * mapping                  the mapping document       |
 * values                   from texts to values       |
 * log                      one line for each message  |
 * </pre>
 *
 * <p>{@code PackageOrderTest} holds the packages to this order.
 */
package io.xmltobigquery;
