package io.xmltobigquery.trial;

import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.trial.Faults.Found;
import io.xmltobigquery.trial.Faults.Kind;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is wrong with files, put together where it is the same; several threads may add some. */
final class Complaints {

  private final Map<Kind, Complaint> complaints = new HashMap<>();

  synchronized void add(FileVersion file, Faults faults) {
    faults
        .found()
        .forEach(
            (kind, found) -> {
              if (complaints.size() < Faults.MOST || complaints.containsKey(kind)) {
                complaints.merge(kind, complaint(file, kind, found), Complaints::both);
              }
            });
  }

  private static Complaint complaint(FileVersion file, Kind kind, Found found) {
    return new Complaint(
        kind.table(),
        kind.reason(),
        kind.message(),
        found.count(),
        1,
        file.uri(),
        found.position());
  }

  private static Complaint both(Complaint one, Complaint other) {
    Complaint first = one.file().compareTo(other.file()) <= 0 ? one : other;
    return new Complaint(
        one.table(),
        one.reason(),
        one.message(),
        one.count() + other.count(),
        one.files() + other.files(),
        first.file(),
        first.position());
  }

  /** Those of the most files first. */
  synchronized List<Complaint> list() {
    return complaints.values().stream()
        .sorted(
            Comparator.comparing(Complaint::files)
                .thenComparing(Complaint::count)
                .reversed()
                .thenComparing(Complaint::file)
                .thenComparing(Complaint::table)
                .thenComparing(Complaint::message))
        .toList();
  }
}
