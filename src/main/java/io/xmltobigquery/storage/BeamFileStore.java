package io.xmltobigquery.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.fs.ResourceId;

/**
 * Any of Beam's file systems. A file's generation is a digest of its modification time and size:
 * Beam knows no more.
 */
final class BeamFileStore implements FileStore {

  @Override
  public FileVersion find(String uri) throws IOException {
    Metadata metadata;
    try {
      metadata = FileSystems.matchSingleFileSpec(uri);
    } catch (FileNotFoundException e) {
      throw FileGoneException.missing(uri);
    }
    String identity = metadata.lastModifiedMillis() + " " + metadata.sizeBytes();
    return new FileVersion(uri, Digest.of(identity), metadata.sizeBytes());
  }

  @Override
  public InputStream open(FileVersion file, long offset) throws IOException {
    verify(file);
    ReadableByteChannel channel = FileSystems.open(resource(file.uri()));
    boolean opened = false;
    try {
      InputStream stream = Channels.newInputStream(channel);
      if (channel instanceof SeekableByteChannel seekable) {
        seekable.position(offset);
      } else {
        stream.skipNBytes(offset);
      }
      opened = true;
      return stream;
    } finally {
      if (!opened) {
        channel.close();
      }
    }
  }

  @Override
  public void copy(FileVersion file, String target) throws IOException {
    verify(file);
    ResourceId source = resource(file.uri());
    ResourceId copy = resource(target);
    if (source.getScheme().equals(copy.getScheme())) {
      FileSystems.copy(List.of(source), List.of(copy));
    } else {
      try (InputStream in = open(file, 0)) {
        WholeFile.write(target, in::transferTo);
      }
    }
  }

  @Override
  public boolean delete(FileVersion file) throws IOException {
    try {
      verify(file);
    } catch (FileGoneException e) {
      return false;
    }
    FileSystems.delete(List.of(resource(file.uri())));
    return true;
  }

  private static ResourceId resource(String uri) {
    return FileSystems.matchNewResource(uri, false);
  }
}
