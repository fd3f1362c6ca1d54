/**
 * {@code propose}: makes a mapping of what samples have, so that nobody has to write one.
 *
 * <p>{@link io.xmltobigquery.propose.Proposal} makes it of a {@link
 * io.xmltobigquery.profile.Profile}, with a {@link io.xmltobigquery.propose.Decision} for each
 * column, and {@link io.xmltobigquery.propose.SampleCheck} reads the samples by it, as a load
 * would.
 *
 * <p>May import {@code trial} and what is below.
 */
package io.xmltobigquery.propose;
