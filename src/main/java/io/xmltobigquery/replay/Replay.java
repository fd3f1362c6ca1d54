package io.xmltobigquery.replay;

import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.xml.Limits;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Takes back what is in a dead letter: {@link ReplayFiles} files, {@link ReplayRows} rows and
 * records. Nothing is taken back twice, also where a replay is killed and repeated. One at a time
 * may be at work on a dead letter.
 *
 * @param deadLetter with a slash at the end
 * @param acceptedStay whether loads leave good files where they are
 * @param rows how rows and records are loaded, or null if they stay
 * @param dryRun whether to tell what would be done, and do nothing
 */
public record Replay(
    String deadLetter,
    Selection selection,
    boolean acceptedStay,
    @Nullable Rows rows,
    boolean dryRun) {

  /**
   * How rows and records are loaded.
   *
   * @param mapping by which records become rows
   * @param target where rows go; null for a dry run
   * @param lineage whether rows get the lineage column
   */
  public record Rows(
      Mapping mapping, Limits limits, @Nullable RowsTarget target, boolean lineage) {}

  /**
   * Does it.
   *
   * @throws IOException if it isn't done; what was done is done, and it may be repeated
   */
  public Replayed run(FileStore files) throws IOException {
    Replayed replayed = new Replayed(dryRun);
    run(files, replayed);
    return replayed;
  }

  /**
   * The same.
   *
   * @param replayed takes note of what is done, and may be asked meanwhile
   */
  public void run(FileStore files, Replayed replayed) throws IOException {
    new ReplayFiles(files, deadLetter, selection, acceptedStay, dryRun, replayed).run();
    if (rows != null) {
      new ReplayRows(
              files,
              deadLetter,
              selection,
              new RecordRows(rows.mapping(), rows.limits()),
              dryRun ? null : rows.target(),
              rows.lineage(),
              replayed)
          .run();
    }
  }
}
