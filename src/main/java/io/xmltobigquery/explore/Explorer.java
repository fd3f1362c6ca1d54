package io.xmltobigquery.explore;

import io.xmltobigquery.files.FileGoneException;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.UnreadableFileException;
import io.xmltobigquery.flow.read.Progress;
import io.xmltobigquery.flow.read.StoredDocument;
import io.xmltobigquery.profile.DocumentProfile;
import io.xmltobigquery.profile.Profiler;
import io.xmltobigquery.xml.ArchiveReader;
import io.xmltobigquery.xml.ContentReader;
import io.xmltobigquery.xml.Limits;
import io.xmltobigquery.xml.RejectedException;
import io.xmltobigquery.xml.XmlSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Reads files for their profile, as many at a time as there are processors. A file that is bad, or
 * that can't be opened, is left out as a whole.
 */
public final class Explorer {

  private final FileStore store;
  private final ContentReader reader;
  private final Profiler profiler = new Profiler();
  private final LeftOutFiles leftOut = new LeftOutFiles();
  private long bytes;

  private Explorer(FileStore store, Map<String, Integer> entities) {
    this.store = store;
    this.reader = new ContentReader(new Limits(Limits.DEFAULT_MAX_RECORD_BYTES), entities);
  }

  /**
   * Reads files.
   *
   * @throws IOException if one can't be read, which says nothing of what is in it
   */
  public static Exploration explore(List<FileVersion> files, FileStore store) throws IOException {
    return explore(files, store, Map.of());
  }

  /**
   * The same for files that a mapping is for.
   *
   * @param entities the characters, as code points, that references to entities stand for
   */
  public static Exploration explore(
      List<FileVersion> files, FileStore store, Map<String, Integer> entities) throws IOException {
    return explore(files, store, entities, reader -> {});
  }

  /** Documents that aren't files, which are small. */
  @FunctionalInterface
  public interface Documents {
    void readBy(DocumentReader reader) throws IOException;
  }

  /** Reads a document. */
  @FunctionalInterface
  public interface DocumentReader {
    void read(byte[] xml) throws IOException;
  }

  /**
   * The same with documents besides.
   *
   * @param documents that are good
   */
  public static Exploration explore(
      List<FileVersion> files, FileStore store, Map<String, Integer> entities, Documents documents)
      throws IOException {
    Explorer explorer = new Explorer(store, entities);
    EachFile.read(files, explorer::reader);
    DocumentProfile document = explorer.profiler.newDocumentProfile();
    documents.readBy(xml -> explorer.read(xml, document));
    return new Exploration(
        explorer.profiler.profile(),
        explorer.bytes,
        explorer.leftOut.first(),
        explorer.leftOut.count());
  }

  private EachFile.Reader reader() {
    DocumentProfile document = profiler.newDocumentProfile();
    return file -> {
      try {
        read(file, document);
      } catch (UnreadableFileException e) {
        leftOut.add(LeftOut.of(file, e));
      } catch (FileGoneException e) {
        leftOut.add(LeftOut.of(file, e));
      }
    };
  }

  private void read(byte[] xml, DocumentProfile document) throws IOException {
    document.begin();
    try {
      reader.read(
          offset -> new ByteArrayInputStream(xml, (int) offset, xml.length - (int) offset),
          document);
    } catch (RejectedException e) {
      throw new IOException("a document that was made of a row is bad: " + e.getMessage(), e);
    }
    profiler.add(document);
  }

  private void read(FileVersion file, DocumentProfile document) throws IOException {
    StoredDocument opened = new StoredDocument(file, store);
    ArchiveReader archive = opened.archive(true);
    RejectedException rejection = null;
    try {
      if (archive != null) {
        archive.read(new EntryReader(file, document));
      } else {
        document.begin();
        reader.read(opened.xml(true), document);
      }
    } catch (RejectedException e) {
      rejection = e;
    }
    opened.verify();
    if (rejection != null) {
      leftOut.add(LeftOut.of(file, rejection));
      return;
    }
    if (archive == null) {
      profiler.add(document);
    }
    count(file);
  }

  /** Each file of an archive counts for itself, though the archive may turn out to be damaged. */
  private final class EntryReader implements ArchiveReader.Visitor {
    private final FileVersion archive;
    private final DocumentProfile document;

    EntryReader(FileVersion archive, DocumentProfile document) {
      this.archive = archive;
      this.document = document;
    }

    @Override
    public void document(ArchiveReader.Entry entry, XmlSource xml) throws IOException {
      document.begin();
      try {
        reader.read(Progress.reading(xml), document);
        profiler.add(document);
      } catch (RejectedException e) {
        leftOut.add(LeftOut.of(archive.entry(entry.name()), e));
      }
    }

    @Override
    public void leftOut(ArchiveReader.Entry entry) {
      leftOut.add(LeftOut.notXml(archive.entry(entry.name())));
    }
  }

  private synchronized void count(FileVersion file) {
    bytes += file.size();
  }
}
