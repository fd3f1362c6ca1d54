/**
 * Which file versions to load. A backfill lists a pattern; a streaming job reads notifications:
 *
 * <pre>
 * ReadNotifications   messages from Pub/Sub: which file versions they tell of; what isn't a notification
 *      |              goes to the dead letter
 * Sighting            each of these looked up: it is there, overwritten or gone
 *      |
 * LookUpCurrentVersions  FileIO.matchAll: the version that took the place of one that was told
 * ListVersions        with --reconcileInterval: those of all objects that match --input
 *      |
 * Deduplicate         each version once
 * </pre>
 *
 * <p>May import {@code flow} and what is below.
 */
package io.xmltobigquery.flow.find;
