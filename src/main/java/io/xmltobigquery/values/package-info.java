/**
 * From the text of an XML Schema value to a value of a BigQuery column: which texts are allowed,
 * and what they mean. A value that its column can't hold exactly is an {@link
 * io.xmltobigquery.values.InvalidValueException}.
 *
 * <p>Plain Java. May import {@code log}.
 */
package io.xmltobigquery.values;
