/**
 * What is looked at before a job is launched: options, input, subscription, and what may be done in
 * the buckets.
 *
 * <p>May import {@code options}, {@code pubsub} and what is below. By the order it could import
 * {@code flow} as well, but it needs nothing of it.
 */
package io.xmltobigquery.check;
