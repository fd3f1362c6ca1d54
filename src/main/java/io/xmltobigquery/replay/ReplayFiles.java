package io.xmltobigquery.replay;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.xmltobigquery.files.FileGoneException;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileStore.Existing;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.NoPermissionException;
import io.xmltobigquery.files.UnreadableFileException;
import io.xmltobigquery.flow.settle.DeadLetter;
import io.xmltobigquery.flow.settle.KeepRejectedFiles;
import io.xmltobigquery.outcome.JsonLine;
import io.xmltobigquery.outcome.ProgramVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings rejected files back to their places, each at most once.
 *
 * <p>These are the steps for a file: a trace that it is begun; the copy to its place, which must be
 * free; a trace that it is done; the deletion of what the dead letter has of it. A replay that is
 * killed between any two of them may be repeated, and comes out the same. What can't be known
 * afterwards is one thing: whether a file that is begun and not in its place was never there, or
 * was loaded and taken away since. No load takes accepted files away by itself ({@code
 * --acceptedInput=keep}), and one that takes rejected files away has them in the dead letter first.
 * Where loads do take them away, such a file stays, and a person must look.
 */
final class ReplayFiles {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DONE = ".json";
  private static final String BEGUN = ".begun.json";
  private static final int COMPARED_BYTES = 1 << 16;

  private final FileStore files;
  private final String deadLetter;
  private final Selection selection;
  private final boolean acceptedStay;
  private final boolean dryRun;
  private final Replayed replayed;

  /**
   * @param deadLetter with a slash at the end
   * @param acceptedStay whether loads leave good files where they are
   */
  ReplayFiles(
      FileStore files,
      String deadLetter,
      Selection selection,
      boolean acceptedStay,
      boolean dryRun,
      Replayed replayed) {
    this.files = files;
    this.deadLetter = deadLetter;
    this.selection = selection;
    this.acceptedStay = acceptedStay;
    this.dryRun = dryRun;
    this.replayed = replayed;
  }

  /** Brings back all that are wanted. */
  void run() throws IOException {
    try (Workers workers = new Workers()) {
      Versions versions = new Versions(workers);
      files.visit(
          deadLetter + DeadLetter.FILES,
          file -> {
            if (file.uri().endsWith(KeepRejectedFiles.REPORT_SUFFIX)) {
              versions.add(file);
            }
          });
      versions.end();
      workers.await();
    }
  }

  /** Puts the reports of one file's versions together; they come one after the other. */
  private final class Versions {
    private final Workers workers;
    private List<FileVersion> reports = new ArrayList<>();
    private String name = "";

    Versions(Workers workers) {
      this.workers = workers;
    }

    void add(FileVersion report) throws IOException {
      String next = report.uri().substring(0, Math.max(0, report.uri().lastIndexOf('#')));
      if (!next.equals(name)) {
        end();
        name = next;
      }
      reports.add(report);
    }

    void end() throws IOException {
      List<FileVersion> ended = reports;
      reports = new ArrayList<>();
      if (!ended.isEmpty()) {
        workers.run(() -> replayNewest(ended));
      }
    }
  }

  private void replayNewest(List<FileVersion> reports) throws IOException {
    List<RejectedFile> versions = new ArrayList<>();
    for (FileVersion report : reports) {
      RejectedFile read = read(report);
      if (read != null) {
        versions.add(read);
      }
    }
    if (versions.isEmpty()) {
      return;
    }
    RejectedFile newest = Collections.max(versions, RejectedFile.BY_AGE);
    for (RejectedFile version : versions) {
      if (selection.takes(version.reason(), version.finished(), version.uri())) {
        replay(version, newest);
      }
    }
  }

  private @Nullable RejectedFile read(FileVersion report) throws IOException {
    try {
      RejectedFile read = RejectedFile.read(report, files);
      if (read == null) {
        replayed.fileStays(report.uri() + ": this is no report of xml-to-bigquery; look into it");
      }
      return read;
    } catch (FileGoneException e) {
      return null; // Another replay was quicker, or a job has just replaced it.
    }
  }

  private void replay(RejectedFile file, RejectedFile newest) throws IOException {
    try {
      String why = file.equals(newest) ? bringBack(file) : settleOlder(file, newest);
      if (why != null) {
        replayed.fileStays(file + ": " + why);
      }
    } catch (NoPermissionException | UnreadableFileException e) {
      replayed.fileStays(file + ": " + e.getMessage());
    }
  }

  /** Returns why the file stays in the dead letter, or null if it doesn't. */
  private @Nullable String bringBack(RejectedFile file) throws IOException {
    if (files.exists(trace(file, DONE))) {
      cleanUp(file);
      return null;
    }
    if (file.isLoadedInPart()) {
      return "other files of this archive are loaded, and would be once more; mend the bad ones and load them alone";
    }
    FileVersion copy = file.isCopied() ? find(file.copyName()) : null;
    if (copy == null) {
      return "the dead letter has no copy of it";
    }
    FileVersion there = find(file.uri());
    boolean begun = (there != null || dryRun || !acceptedStay) && files.exists(trace(file, BEGUN));
    if (there == null && begun && !acceptedStay) {
      return "a replay was stopped while it brought this file back, and it isn't in its place now; look into file_loads whether it was loaded since: if it wasn't, repeat this with --acceptedInput=keep";
    }
    if (there != null && !begun) {
      return there.generation().equals(file.generation())
          ? "it is in its place still (--rejectedInput=keep); the next backfill loads it, and an always-on job loads what is written anew"
          : "there is a newer version in its place";
    }
    if (dryRun) {
      replayed.file(file.uri());
      return null;
    }
    if (there == null ? !copyBack(file, copy) : !haveSameBytes(copy, there)) {
      return "there is a newer version in its place";
    }
    settle(file);
    return null;
  }

  /** Returns false if somebody else's file is there. */
  private boolean copyBack(RejectedFile file, FileVersion copy) throws IOException {
    ObjectNode begun = JSON.createObjectNode().put("begun", Instant.now().toString());
    files.write(trace(file, BEGUN), out -> out.write(JsonLine.of(begun)));
    try {
      files.copy(copy, file.uri(), Existing.REFUSE);
      return true;
    } catch (FileAlreadyExistsException e) {
      // It may be ours: an answer that gets lost is asked for again.
      FileVersion there = find(file.uri());
      return there != null && haveSameBytes(copy, there);
    }
  }

  /**
   * Looks after a version that isn't the newest one in the dead letter. One that was begun, and
   * came back as a newer version of the same bytes, has been in its place.
   */
  private @Nullable String settleOlder(RejectedFile file, RejectedFile newest) throws IOException {
    if (files.exists(trace(file, DONE))) {
      cleanUp(file);
      return null;
    }
    if (!dryRun && files.exists(trace(file, BEGUN))) {
      FileVersion copy = find(file.copyName());
      FileVersion cameBack = find(newest.copyName());
      if (copy != null && cameBack != null && haveSameBytes(copy, cameBack)) {
        settle(file);
        return null;
      }
    }
    return "a newer version of it was rejected, too";
  }

  private void settle(RejectedFile file) throws IOException {
    ObjectNode done = file.json().deepCopy();
    done.put("replayed", Instant.now().toString()).put("replayed_by", ProgramVersion.current());
    files.write(trace(file, DONE), out -> out.write(JsonLine.of(done)));
    replayed.file(file.uri());
    cleanUp(file);
  }

  /**
   * Deletes what the dead letter has of a file that is back; the report last, by which it is found.
   */
  private void cleanUp(RejectedFile file) throws IOException {
    if (dryRun) {
      return;
    }
    try {
      delete(file.copyName());
      delete(trace(file, BEGUN));
      delete(file.report().uri());
    } catch (NoPermissionException e) {
      // A retention policy keeps it, and the trace tells that it is done.
    }
  }

  private void delete(String name) throws IOException {
    FileVersion found = find(name);
    if (found != null) {
      var unused = files.delete(found);
    }
  }

  private String trace(RejectedFile file, String suffix) {
    return deadLetter
        + DeadLetter.REPLAYED
        + file.copyName().substring(deadLetter.length())
        + suffix;
  }

  private @Nullable FileVersion find(String name) throws IOException {
    try {
      return files.find(name);
    } catch (FileGoneException e) {
      return null;
    }
  }

  private boolean haveSameBytes(FileVersion one, FileVersion other) throws IOException {
    if (one.size() != other.size()) {
      return false;
    }
    try (InputStream left = files.open(one, 0);
        InputStream right = files.open(other, 0)) {
      byte[] block;
      do {
        block = left.readNBytes(COMPARED_BYTES);
        if (!Arrays.equals(block, right.readNBytes(COMPARED_BYTES))) {
          return false;
        }
      } while (block.length > 0);
      return true;
    }
  }
}
