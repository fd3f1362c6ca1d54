/**
 * How what crosses a shuffle or lies in a running job's state is written: what the coders of all
 * types share, which Beam finds by itself. The bytes, and the names of these classes, are a promise
 * to running jobs; the types themselves may move and get other names.
 */
package io.xmltobigquery.coders;
