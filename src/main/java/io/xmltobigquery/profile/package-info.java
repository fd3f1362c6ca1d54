/**
 * What is in XML documents of which nothing is known: a {@link io.xmltobigquery.profile.Profile}
 * has all paths of elements and attributes, how often they come, what their values look like, and
 * which elements may be records. It takes constant memory, and is the same whatever the order of
 * the documents.
 *
 * <p>A {@link io.xmltobigquery.profile.DocumentProfile} sees one document after the other, and the
 * {@link io.xmltobigquery.profile.Profiler} adds up those that were good.
 *
 * <p>Plain Java, without Beam. May import {@code xml} and what is below.
 */
package io.xmltobigquery.profile;
