package io.xmltobigquery.load;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.transforms.Contextful;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * Writes blocks of JSON lines, keyed by table, to {@code DIR/<table>-SSSSS-of-NNNNN.jsonl}. The
 * files appear when all are complete.
 */
public final class WriteJsonLines
    extends PTransform<PCollection<KV<String, byte[]>>, PCollection<String>> {

  private static final long serialVersionUID = 1L;

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
    return lines
        .apply(
            "Write files",
            FileIO.<String, KV<String, byte[]>>writeDynamic()
                .by(KV::getKey)
                .withDestinationCoder(StringUtf8Coder.of())
                .via(Contextful.fn(KV::getValue), new BlockSink())
                .to(directory)
                .withNaming(table -> FileIO.Write.defaultNaming(table, ".jsonl")))
        .getPerDestinationOutputFilenames()
        .apply("File names", Values.create());
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
