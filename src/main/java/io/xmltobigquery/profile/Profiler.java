package io.xmltobigquery.profile;

import java.util.TreeMap;

/** Adds up the profiles of documents. It may be shared by threads. */
public final class Profiler {

  /**
   * Paths that are counted by themselves, of elements and attributes: twice as many as a table has
   * columns at most. Each takes some 2 KB.
   */
  private static final int MOST_PATHS = 20_000;

  private final int mostPaths;
  private final PathTree tree;
  private final TreeMap<String, String> prefixes = new TreeMap<>();
  private long documents;
  private long elements;

  public Profiler() {
    this(MOST_PATHS);
  }

  /** With another limit, for tests. */
  Profiler(int mostPaths) {
    this.mostPaths = mostPaths;
    this.tree = DocumentProfile.newTree(mostPaths);
  }

  /** For the documents that one thread reads. */
  public DocumentProfile newDocumentProfile() {
    return new DocumentProfile(mostPaths);
  }

  /** Adds a document that was read to its end. */
  public synchronized void add(DocumentProfile document) {
    documents++;
    elements += document.elements();
    document.prefixes().forEach((namespace, prefix) -> Prefixes.add(prefixes, namespace, prefix));
    tree.addDocument(document.tree());
    document.taken();
  }

  /** What all documents come to that were added. */
  public synchronized Profile profile() {
    return new Profile(
        documents,
        elements,
        tree.document().childProfiles(),
        prefixes,
        tree.deepest() < DocumentProfile.DEEPEST ? tree.deepest() : Integer.MAX_VALUE);
  }
}
