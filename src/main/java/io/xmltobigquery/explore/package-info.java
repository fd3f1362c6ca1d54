/**
 * {@code explore}: reads files for a {@link io.xmltobigquery.profile.Profile}, and shows it as a
 * tree of text, as JSON, or as a page.
 *
 * <p>{@link io.xmltobigquery.explore.NamedFiles} finds the files, {@link
 * io.xmltobigquery.explore.Explorer} reads them, several at a time, and what comes of it is an
 * {@link io.xmltobigquery.explore.Exploration}. Nothing here starts a pipeline.
 *
 * <p>May import {@code flow.read} and what is below.
 */
package io.xmltobigquery.explore;
