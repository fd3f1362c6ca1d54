package io.xmltobigquery.explore;

import io.xmltobigquery.files.FileGoneException;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.UnreadableFileException;
import io.xmltobigquery.flow.read.StoredDocument;
import io.xmltobigquery.profile.DocumentProfile;
import io.xmltobigquery.profile.Profiler;
import io.xmltobigquery.xml.ContentReader;
import io.xmltobigquery.xml.Limits;
import io.xmltobigquery.xml.RejectedException;
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
    Explorer explorer = new Explorer(store, entities);
    EachFile.read(files, explorer::reader);
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

  private void read(FileVersion file, DocumentProfile document) throws IOException {
    StoredDocument opened = new StoredDocument(file, store);
    document.begin();
    RejectedException rejection = null;
    try {
      reader.read(opened.xml(true), document);
    } catch (RejectedException e) {
      rejection = e;
    }
    opened.verify();
    if (rejection != null) {
      leftOut.add(LeftOut.of(file, rejection));
    } else {
      profiler.add(document);
      count(file);
    }
  }

  private synchronized void count(FileVersion file) {
    bytes += file.size();
  }
}
