package io.xmltobigquery.profile;

import org.jspecify.annotations.Nullable;

/** An element or attribute of some parent, by its name. */
abstract class Named {

  private final String namespace;
  private final String localName;

  /** Another one of the same parent and local name, in another namespace. */
  private @Nullable Named alike;

  Named(String namespace, String localName) {
    this.namespace = namespace;
    this.localName = localName;
  }

  final String namespace() {
    return namespace;
  }

  final String localName() {
    return localName;
  }

  @SuppressWarnings("ReferenceEquality") // Mostly it is the same string, and equals is a call.
  final boolean isNamed(String wantedNamespace, String wantedLocalName) {
    return (localName == wantedLocalName || localName.equals(wantedLocalName))
        && (namespace == wantedNamespace || namespace.equals(wantedNamespace));
  }

  final @Nullable Named alike() {
    return alike;
  }

  final void setAlike(@Nullable Named other) {
    alike = other;
  }
}
