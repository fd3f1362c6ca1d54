/**
 * What all coders share: the number of the form, and how a field of each kind is written. Each
 * coder is in the package of its type, and {@code Coders} at the top tells Beam of them. The bytes,
 * and the names of the coders, are a promise to running jobs.
 *
 * <p>May import {@code xml} and what is below.
 */
package io.xmltobigquery.coders;
