/**
 * What comes after the rows. Bad files, invalid records and refused rows go to the dead letter.
 * Each outcome waits for the rows of its file and goes to {@code file_loads}. Then staged copies
 * are deleted and, if told, the files.
 *
 * <p>May import {@code flow.write} with {@code jsonl} and {@code bigquery}, and what is below.
 */
package io.xmltobigquery.flow.settle;
