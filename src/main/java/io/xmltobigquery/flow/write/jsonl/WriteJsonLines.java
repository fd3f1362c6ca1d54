package io.xmltobigquery.flow.write.jsonl;

import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.OwnFiles;
import io.xmltobigquery.flow.StableInput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.UUID;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.Contextful;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupIntoBatches;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.joda.time.Duration;

/**
 * Writes blocks of JSON lines, keyed by table. In a backfill they go to {@code
 * DIR/<table>-SSSSS-of-NNNNN.jsonl}, and the files appear when all are complete. In a streaming job
 * they go to {@code DIR/<table>-<digest>.jsonl}, a file for each batch. There are no windows, so
 * that nothing can be too late for one.
 */
public final class WriteJsonLines
    extends PTransform<PCollection<KV<String, byte[]>>, PCollection<String>> {

  private static final long serialVersionUID = 1L;

  /**
   * What a killed backfill leaves in the directory, as a pattern: Beam's files before they get
   * their names.
   */
  static final String TEMPORARY_FILES = ".temp-beam*/**";

  static final Coder<KV<String, byte[]>> CODER =
      KvCoder.of(StringUtf8Coder.of(), ByteArrayCoder.of());

  /** What a batch may have, in bytes; it is held in memory. */
  private static final long BATCH_BYTES = 1 << 20;

  /** How long a line may wait for others. */
  private static final Duration BATCH_DURATION = Duration.standardSeconds(10);

  private final String directory;

  private WriteJsonLines(String directory) {
    this.directory = directory;
  }

  /**
   * Writes to a directory.
   *
   * @param directory local or on any of Beam's file systems
   */
  public static WriteJsonLines to(String directory) {
    return new WriteJsonLines(directory);
  }

  /** Returns the names of the files, once they are there. */
  @Override
  public PCollection<String> expand(PCollection<KV<String, byte[]>> lines) {
    return lines.isBounded() == IsBounded.BOUNDED ? writeAtEnd(lines) : writeInBatches(lines);
  }

  private PCollection<String> writeInBatches(PCollection<KV<String, byte[]>> lines) {
    return lines
        .apply(
            "Batch",
            GroupIntoBatches.<String, byte[]>ofByteSize(BATCH_BYTES, line -> (long) line.length)
                .withMaxBufferingDuration(BATCH_DURATION))
        .apply("Stable batches", StableInput.create())
        .apply("Write batches", ParDo.of(new WriteBatchFn(directory)));
  }

  private PCollection<String> writeAtEnd(PCollection<KV<String, byte[]>> lines) {
    return lines
        .apply(
            "Write files",
            FileIO.<String, KV<String, byte[]>>writeDynamic()
                .by(KV::getKey)
                .withDestinationCoder(StringUtf8Coder.of())
                .via(Contextful.fn(KV::getValue), new BlockSink())
                .to(directory)
                .withNaming(table -> FileIO.Write.defaultNaming(table, OwnFiles.LINES)))
        .getPerDestinationOutputFilenames()
        .apply("File names", Values.create());
  }

  /** A batch that comes again has the same content, so it goes to the same file. */
  private static final class WriteBatchFn extends DoFn<KV<String, Iterable<byte[]>>, String> {
    private static final long serialVersionUID = 1L;

    private final String directory;
    private transient FileStore files;

    WriteBatchFn(String directory) {
      this.directory = directory;
    }

    @Setup
    public void setUp(PipelineOptions options) {
      files = FileStore.of(options);
    }

    @ProcessElement
    public void write(@Element KV<String, Iterable<byte[]>> batch, OutputReceiver<String> names)
        throws IOException {
      ByteArrayOutputStream lines = new ByteArrayOutputStream();
      for (byte[] block : batch.getValue()) {
        lines.writeBytes(block);
      }
      String name =
          directory
              + batch.getKey()
              + "-"
              + UUID.nameUUIDFromBytes(lines.toByteArray())
              + OwnFiles.LINES;
      files.write(name, lines::writeTo);
      names.output(name);
    }
  }

  private static final class BlockSink implements FileIO.Sink<byte[]> {
    private static final long serialVersionUID = 1L;

    private transient OutputStream out;

    @Override
    public void open(WritableByteChannel channel) {
      out = Channels.newOutputStream(channel);
    }

    @Override
    public void write(byte[] block) throws IOException {
      out.write(block);
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }
  }
}
