package io.xmltobigquery.trial;

import io.xmltobigquery.explore.LeftOut;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.xml.InvalidRecord;
import io.xmltobigquery.xml.Position;
import io.xmltobigquery.xml.RejectedException;
import io.xmltobigquery.xml.RejectionReason;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is wrong with one file, or a part of it, put together where it is the same. */
final class Faults {

  /** What a file has wrong is a few things mostly; more than this nobody reads. */
  static final int MOST = 1_000;

  /**
   * What can be wrong.
   *
   * @param table whose record it is about, or empty if it is about the file
   */
  record Kind(String table, RejectionReason reason, String message) {}

  /**
   * How often something is wrong.
   *
   * @param position where for the first time
   */
  record Found(long count, @Nullable Position position) {}

  /** In the order of the file. */
  private final Map<Kind, Found> found = new LinkedHashMap<>();

  /** Of a whole file that is bad. */
  static Faults of(RejectedException rejection) {
    Faults faults = new Faults();
    Kind kind = new Kind("", rejection.reason(), rejection.getMessage());
    faults.add(kind, new Found(1, rejection.position()));
    return faults;
  }

  void add(InvalidRecord record) {
    Kind kind = new Kind(record.table(), record.reason(), record.message());
    add(kind, new Found(1, record.position()));
  }

  /**
   * Adds those of the part of the file that comes next.
   *
   * @param partStart from where their positions count
   */
  void add(Faults part, Position partStart) {
    part.found.forEach(
        (kind, in) ->
            add(
                kind,
                new Found(
                    in.count(), in.position() == null ? null : in.position().from(partStart))));
  }

  private void add(Kind kind, Found more) {
    if (found.size() < MOST || found.containsKey(kind)) {
      found.merge(
          kind, more, (before, now) -> new Found(before.count() + now.count(), before.position()));
    }
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  /** The first of them, as the reason why a file isn't loaded. */
  LeftOut asRejection(FileVersion file) {
    Map.Entry<Kind, Found> first = found.entrySet().iterator().next();
    Kind kind = first.getKey();
    return new LeftOut(
        file.uri(), kind.reason().name(), kind.message(), first.getValue().position());
  }

  Map<Kind, Found> found() {
    return found;
  }
}
