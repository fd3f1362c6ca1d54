package io.xmltobigquery.profile;

import io.xmltobigquery.mapping.XmlName;

/** Sums up the attributes of one name on the elements of one path. */
final class AttributeStatistics extends Named {

  private long count;
  private long files;
  private final ValueStatistics values = new ValueStatistics();

  AttributeStatistics(String namespace, String localName) {
    super(namespace, localName);
  }

  void add(ValueText value) {
    count++;
    values.add(value);
  }

  boolean isSeen() {
    return count > 0;
  }

  /** Adds those of one document. */
  void addDocument(AttributeStatistics document) {
    count += document.count;
    files++;
    values.add(document.values);
  }

  void clear() {
    count = 0;
    values.clear();
  }

  AttributeProfile profile() {
    return new AttributeProfile(
        new XmlName(namespace(), localName()), count, files, values.profile(0), null);
  }
}
