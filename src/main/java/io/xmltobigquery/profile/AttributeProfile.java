package io.xmltobigquery.profile;

import io.xmltobigquery.mapping.XmlName;

/**
 * The attributes of one name on the elements of one path.
 *
 * @param count how many elements have it
 * @param files how many documents have it
 */
public record AttributeProfile(XmlName name, long count, long files, ValueProfile values) {}
