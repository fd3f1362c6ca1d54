/**
 * Pub/Sub, and the notifications of Cloud Storage that come through it. {@link
 * io.xmltobigquery.pubsub.Notifier} tells a topic of objects that are there already.
 *
 * <p>May import {@code options} and what is below.
 */
package io.xmltobigquery.pubsub;
