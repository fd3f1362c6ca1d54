package io.xmltobigquery.cli;

import io.xmltobigquery.flow.read.Progress;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Shows on a terminal, in one line that is written over, how far a local job is. */
final class ProgressLine {

  private static final String EMPTY_LINE = "\u001b[2K\r";

  private final PrintStream terminal;
  private final long started = System.nanoTime();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "progress");
            thread.setDaemon(true);
            return thread;
          });

  private final Supplier<String> progress;

  private ProgressLine(PrintStream terminal, Supplier<String> progress) {
    this.terminal = terminal;
    this.progress = progress;
  }

  /** Shows how much was read. */
  static ProgressLine on(PrintStream terminal) {
    return on(terminal, ProgressLine::read);
  }

  /**
   * Shows what it is told.
   *
   * @param progress asked for from another thread
   */
  static ProgressLine on(PrintStream terminal, Supplier<String> progress) {
    ProgressLine line = new ProgressLine(terminal, progress);
    var unused = line.timer.scheduleWithFixedDelay(line::show, 500, 500, TimeUnit.MILLISECONDS);
    return line;
  }

  private void show() {
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started);
    terminal.printf(
        Locale.ROOT,
        // Left at the line's start, so that a warning takes its place.
        EMPTY_LINE + "%d s: %s\r",
        seconds,
        progress.get());
    terminal.flush();
  }

  private static String read() {
    long bytes = Progress.readBytes();
    return bytes == 0 ? "starting" : String.format(Locale.ROOT, "read %,d MB", bytes / 1_000_000);
  }

  /** Removes the line. */
  void close() {
    timer.shutdownNow();
    terminal.print(EMPTY_LINE);
    terminal.flush();
  }
}
