package io.xmltobigquery.profile;

import io.xmltobigquery.mapping.XmlName;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one name on the elements of one path.
 *
 * @param count how many elements have it
 * @param files how many documents have it
 * @param declared what the schema says of it; null without a schema
 */
public record AttributeProfile(
    XmlName name, long count, long files, ValueProfile values, @Nullable Declaration declared) {}
