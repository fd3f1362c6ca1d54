package io.xmltobigquery.explore;

import io.xmltobigquery.files.FileGoneException;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.UnreadableFileException;
import io.xmltobigquery.flow.read.StoredDocument;
import io.xmltobigquery.outcome.Outcome;
import io.xmltobigquery.profile.DocumentProfile;
import io.xmltobigquery.profile.Profiler;
import io.xmltobigquery.xml.ContentReader;
import io.xmltobigquery.xml.Limits;
import io.xmltobigquery.xml.Position;
import io.xmltobigquery.xml.RejectedException;
import io.xmltobigquery.xml.RejectionReason;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads files for their profile, as many at a time as there are processors. A file that is bad, or
 * that can't be opened, is left out as a whole.
 */
public final class Explorer {

  private final FileStore store;
  private final ContentReader reader =
      new ContentReader(new Limits(Limits.DEFAULT_MAX_RECORD_BYTES));
  private final Profiler profiler = new Profiler();
  private final TreeMap<String, LeftOut> leftOut = new TreeMap<>();
  private long leftOutFiles;
  private long bytes;

  private Explorer(FileStore store) {
    this.store = store;
  }

  /**
   * Reads files.
   *
   * @throws IOException if one can't be read, which says nothing of what is in it
   */
  public static Exploration explore(List<FileVersion> files, FileStore store) throws IOException {
    Explorer explorer = new Explorer(store);
    EachFile.read(files, explorer::reader);
    return new Exploration(
        explorer.profiler.profile(),
        explorer.bytes,
        List.copyOf(explorer.leftOut.values()),
        explorer.leftOutFiles);
  }

  private EachFile.Reader reader() {
    DocumentProfile document = profiler.newDocumentProfile();
    return file -> {
      try {
        read(file, document);
      } catch (UnreadableFileException e) {
        leaveOut(
            file,
            RejectionReason.UNREADABLE.name(),
            e.getMessage() + "; get the right to read it, or leave it out",
            null);
      } catch (FileGoneException e) {
        leaveOut(
            file,
            (e.isSuperseded() ? Outcome.SUPERSEDED : Outcome.MISSING).name(),
            e.getMessage() + "; explore again",
            null);
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
      leaveOut(file, rejection.reason().name(), rejection.getMessage(), rejection.position());
    } else {
      profiler.add(document);
      count(file);
    }
  }

  private synchronized void count(FileVersion file) {
    bytes += file.size();
  }

  private synchronized void leaveOut(
      FileVersion file, String reason, String message, @Nullable Position position) {
    leftOutFiles++;
    leftOut.put(file.uri(), new LeftOut(file.uri(), reason, message, position));
    if (leftOut.size() > Exploration.MOST_LEFT_OUT) {
      leftOut.pollLastEntry();
    }
  }
}
