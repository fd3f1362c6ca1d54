package io.xmltobigquery.xml;

/**
 * A start tag that a {@link ContentVisitor} sees. It is the next tag's as soon as the visitor
 * returns. Names without a namespace have the empty string for it.
 */
public interface StartTag {

  String namespace();

  String localName();

  /** The character in the document that the tag begins with, from 0. */
  long charOffset();

  /** How many attributes there are, namespace declarations apart. */
  int attributeCount();

  String attributeNamespace(int attribute);

  String attributeLocalName(int attribute);

  String attributeValue(int attribute);

  /** How many namespaces the tag declares. */
  int declarationCount();

  /** A declared prefix; empty for the default namespace. */
  String declaredPrefix(int declaration);

  /** The namespace that the prefix stands for; empty if the declaration takes one back. */
  String declaredNamespace(int declaration);
}
