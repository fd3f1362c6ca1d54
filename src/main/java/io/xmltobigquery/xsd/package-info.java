/**
 * What XML Schemas (XSD 1.0) say of documents: {@link io.xmltobigquery.xsd.Xsd} reads a set of
 * files, and adds what they declare to a {@link io.xmltobigquery.profile.Profile} of samples, or
 * makes one without samples.
 *
 * <p>Xerces' schema model does the work. Its classes are used directly and never looked up, and
 * they come without Xerces' {@code META-INF/services}, which would replace every XML parser of the
 * process: the POM takes them apart. They aren't in the images, where nothing reads a schema.
 *
 * <p>{@link io.xmltobigquery.xsd.XsdFiles} knows the files, {@link
 * io.xmltobigquery.xsd.XsdResolver} opens them and nothing else, and {@link
 * io.xmltobigquery.xsd.DeclaredTree} makes paths of types.
 *
 * <p>Plain Java, without Beam. May import {@code profile} and what is below.
 */
package io.xmltobigquery.xsd;
