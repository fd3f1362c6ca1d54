/**
 * Which file versions to load. A backfill lists a pattern; the notifications of a streaming job,
 * and the removal of duplicates among them, belong here as well.
 */
package io.xmltobigquery.discovery;
