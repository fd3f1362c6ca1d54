package io.xmltobigquery.files;

import com.google.api.gax.paging.Page;
import com.google.auth.Credentials;
import com.google.cloud.NoCredentials;
import com.google.cloud.ReadChannel;
import com.google.cloud.WriteChannel;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Bucket;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobField;
import com.google.cloud.storage.Storage.BlobGetOption;
import com.google.cloud.storage.Storage.BlobListOption;
import com.google.cloud.storage.Storage.BlobSourceOption;
import com.google.cloud.storage.Storage.BlobTargetOption;
import com.google.cloud.storage.Storage.BlobWriteOption;
import com.google.cloud.storage.Storage.BucketField;
import com.google.cloud.storage.Storage.BucketGetOption;
import com.google.cloud.storage.Storage.CopyRequest;
import com.google.cloud.storage.StorageException;
import com.google.cloud.storage.StorageOptions;
import com.google.cloud.storage.StorageRetryStrategy;
import io.xmltobigquery.log.JobLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;
import org.jspecify.annotations.Nullable;

/**
 * Objects of Cloud Storage. A file version is an object at one generation. Every read, copy and
 * delete names the generation, so the service itself refuses when the object has another one; where
 * a bucket keeps older versions, they can still be read.
 *
 * <p>Bytes are read as they are stored, whatever {@code Content-Encoding} says of them.
 *
 * <p>What fails for a moment is tried again, as often as the client's default retry settings say.
 * That goes for all requests: each of them comes out the same when it is repeated.
 */
public final class CloudStorageFileStore implements FileStore {

  /**
   * An upload is sent in parts of this size, in bytes. Each is held in memory, and is a request
   * that the next one waits for.
   */
  private static final int UPLOAD_PART_BYTES = 1 << 20;

  /**
   * A copy to another location is made in parts of this size, in MiB. Each is a request that has to
   * be answered within the client's 20 s.
   */
  private static final long COPY_PART_MIB = 256;

  private static final BlobGetOption VERSION_FIELDS =
      BlobGetOption.fields(BlobField.GENERATION, BlobField.SIZE, BlobField.TIME_CREATED);

  /**
   * Reasons that come with status 403 and pass by themselves, though the client doesn't try again:
   * <a href="https://cloud.google.com/storage/docs/json_api/v1/status-codes#403-forbidden">403</a>.
   */
  private static final Set<String> PASSING =
      Set.of("quotaExceeded", "rateLimitExceeded", "userRateLimitExceeded");

  /** As many objects are told by one answer at most. */
  private static final int LISTED_OBJECTS = 1_000;

  private static final JobLog LOG = JobLog.of(CloudStorageFileStore.class);

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final Storage storage;
  private final Patience patience;

  private CloudStorageFileStore(Storage storage, Patience patience) {
    this.storage = storage;
    this.patience = patience;
  }

  public static CloudStorageFileStore of(GcsOptions options) {
    return of(options, Patience.of(options));
  }

  static CloudStorageFileStore of(GcsOptions options, Patience patience) {
    // Beam, too, goes on without credentials if there are none: some buckets are public.
    Credentials credentials =
        Objects.requireNonNullElse(options.getGcpCredential(), NoCredentials.getInstance());
    StorageOptions.Builder client =
        StorageOptions.http()
            .setCredentials(credentials)
            .setStorageRetryStrategy(StorageRetryStrategy.getUniformStorageRetryStrategy());
    if (options.getProject() != null) {
      client.setProjectId(options.getProject());
    }
    if (options.getGcsEndpoint() != null) {
      // The option has the path of the API as well, which the client adds by itself.
      client.setHost(URI.create(options.getGcsEndpoint()).resolve("/").toString());
    }
    return new CloudStorageFileStore(client.build().getService(), patience);
  }

  @Override
  public FileVersion find(String uri) throws IOException {
    FileVersion found = get(uri, blobId(uri));
    if (found == null) {
      throw FileGoneException.missing(uri);
    }
    return found;
  }

  @Override
  public FileVersion find(VersionId version) throws IOException {
    FileVersion found = get(version.uri(), pinned(version));
    if (found == null) {
      // Without any version it is missing.
      var unused = find(version.uri());
      throw FileGoneException.superseded(version);
    }
    return found;
  }

  private @Nullable FileVersion get(String uri, BlobId id) throws IOException {
    if (id.getName().isEmpty()) {
      // Asked for it, the service would list the bucket.
      return null;
    }
    Attempts attempts = new Attempts(uri);
    while (true) {
      try {
        Blob blob = storage.get(id, VERSION_FIELDS);
        return blob == null ? null : version(uri, blob);
      } catch (StorageException e) {
        attempts.failed(e);
      }
    }
  }

  /** See {@link ObjectListing}. */
  void list(String prefix, String from, ObjectListing.StoppingVisitor visitor) throws IOException {
    BlobId begin = blobId(prefix);
    Page<Blob> page;
    try {
      page =
          storage.list(
              begin.getBucket(),
              BlobListOption.prefix(begin.getName()),
              BlobListOption.startOffset(from),
              BlobListOption.pageSize(LISTED_OBJECTS),
              BlobListOption.fields(
                  BlobField.NAME, BlobField.GENERATION, BlobField.SIZE, BlobField.TIME_CREATED));
    } catch (StorageException e) {
      throw listFailure(prefix, e);
    }
    while (page != null) {
      for (Blob blob : page.getValues()) {
        String uri = new ObjectName(begin.getBucket(), blob.getName()).toString();
        if (!visitor.visit(version(uri, blob))) {
          return;
        }
      }
      try {
        page = page.getNextPage();
      } catch (StorageException e) {
        throw listFailure(prefix, e);
      }
    }
  }

  /**
   * Those of some permissions that the account doesn't have in a bucket.
   *
   * @param prefix {@code gs://bucket/} and how some objects' names begin
   * @throws UnreadableFileException if listing isn't allowed
   * @throws IOException if there is no such bucket, or it can't be reached
   */
  public List<String> missingPermissions(String prefix, List<String> permissions)
      throws IOException {
    String bucket = blobId(prefix).getBucket();
    try {
      var unused =
          storage.list(
              bucket, BlobListOption.prefix(blobId(prefix).getName()), BlobListOption.pageSize(1));
    } catch (StorageException e) {
      throw listFailure(prefix, e);
    }
    List<Boolean> granted;
    try {
      granted = storage.testIamPermissions(bucket, permissions);
    } catch (StorageException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        // The bucket was there right now: this is an emulator, which has no permissions.
        return List.of();
      }
      throw new IOException(prefix + ": permissions can't be asked for: " + firstLine(e), e);
    }
    return IntStream.range(0, permissions.size())
        .filter(i -> !granted.get(i))
        .mapToObj(permissions::get)
        .toList();
  }

  private static FileVersion version(String uri, Blob blob) {
    return new FileVersion(
        uri,
        Long.toString(blob.getGeneration()),
        blob.getSize(),
        blob.getCreateTimeOffsetDateTime().toInstant());
  }

  @Override
  public InputStream open(FileVersion file, long offset) throws IOException {
    return new PinnedStream(file, offset);
  }

  private ReadChannel channel(FileVersion file, long offset) throws IOException {
    ReadChannel channel =
        storage.reader(pinned(file.id()), BlobSourceOption.shouldReturnRawInputStream(true));
    // A buffer for every open file is too much, and whoever reads has one.
    channel.setChunkSize(0);
    channel.seek(offset);
    return channel;
  }

  @Override
  public void verify(FileVersion file) {
    // Nothing else than this version can have been read.
  }

  @Override
  public PendingFile create(String target, Existing existing) throws IOException {
    BlobInfo blob =
        BlobInfo.newBuilder(blobId(target)).setContentType("application/octet-stream").build();
    BlobWriteOption[] conditions =
        existing == Existing.REPLACE
            ? new BlobWriteOption[0]
            : new BlobWriteOption[] {BlobWriteOption.doesNotExist()};
    try {
      WriteChannel channel = storage.writer(blob, conditions);
      channel.setChunkSize(UPLOAD_PART_BYTES);
      return new Upload(new UploadStream(target, existing, Channels.newOutputStream(channel)));
    } catch (StorageException e) {
      if (stays(target, existing, e)) {
        return new Upload(OutputStream.nullOutputStream());
      }
      throw writeFailure(target, e);
    }
  }

  /**
   * Whether an object can't be written because there is one already. To write in its place is to
   * delete it, which a retention policy, a hold or the lack of that right forbids; the service may
   * say so rather than that it is there.
   */
  private boolean isThere(String target, StorageException refused) {
    if (refused.getCode() == HttpURLConnection.HTTP_PRECON_FAILED) {
      return true;
    }
    if (refused.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
      return false;
    }
    try {
      return storage.get(blobId(target), VERSION_FIELDS) != null;
    } catch (StorageException e) {
      return false;
    }
  }

  /**
   * Whether an object is there already and stays, and all is well.
   *
   * @throws FileAlreadyExistsException if it is there, and nothing is well
   */
  private boolean stays(String target, Existing existing, StorageException refused)
      throws FileAlreadyExistsException {
    if (existing == Existing.REPLACE || !isThere(target, refused)) {
      return false;
    }
    if (existing == Existing.REFUSE) {
      throw new FileAlreadyExistsException(target);
    }
    return true;
  }

  @Override
  public void copy(FileVersion file, String target, Existing existing) throws IOException {
    CopyRequest request =
        CopyRequest.newBuilder()
            .setSource(pinned(file.id()))
            .setTarget(blobId(target), BlobTargetOption.doesNotExist())
            .setMegabytesCopiedPerChunk(COPY_PART_MIB)
            .build();
    try {
      storage.copy(request).getResult();
    } catch (StorageException e) {
      if (stays(target, existing, e)) {
        return;
      }
      // It may be about either file; if it is about the source, reading that fails.
      try (InputStream in = open(file, 0)) {
        in.readNBytes(1);
      }
      throw writeFailure(target, e);
    }
  }

  @Override
  public boolean delete(FileVersion file) throws IOException {
    try {
      // Naming the generation as the object to delete would erase it where versions are kept.
      return storage.delete(
          blobId(file.uri()), BlobSourceOption.generationMatch(generation(file.id())));
    } catch (StorageException e) {
      switch (e.getCode()) {
        case HttpURLConnection.HTTP_PRECON_FAILED -> {
          return false;
        }
        case HttpURLConnection.HTTP_FORBIDDEN ->
            throw new NoPermissionException(
                "no permission to delete " + file.uri() + ": " + firstLine(e));
        default -> throw new IOException(file.uri() + " can't be deleted: " + firstLine(e), e);
      }
    }
  }

  @Override
  public void visit(String directory, Visitor visitor) throws IOException {
    list(
        directory,
        "",
        object -> {
          if (!object.isPlaceholder()) {
            visitor.visit(object);
          }
          return true;
        });
  }

  @Override
  public void deleteAll(String prefix) throws IOException {
    list(
        prefix,
        "",
        object -> {
          var unused = delete(object);
          return true;
        });
  }

  private static BlobId blobId(String uri) {
    ObjectName name = ObjectName.of(uri);
    return BlobId.of(name.bucket(), name.object());
  }

  private static BlobId pinned(VersionId version) {
    BlobId blob = blobId(version.uri());
    return BlobId.of(blob.getBucket(), blob.getName(), generation(version));
  }

  private static long generation(VersionId version) {
    return Long.parseLong(version.generation());
  }

  /** What the service says; requests and answers may follow. */
  private static String firstLine(StorageException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /** One request for an object, as often as it takes. */
  private final class Attempts {
    private final String uri;
    private @Nullable Instant since;
    private Duration pause = patience.firstPause();
    private boolean bucketAnswered;

    Attempts(String uri) {
      this.uri = uri;
    }

    /**
     * Returns after a pause if the request is to be made again: its bucket refuses everything, for
     * which no file of it is to blame, or may have done so until now.
     *
     * @throws UnreadableFileException if the object refuses by itself
     * @throws IOException if it can't be read now
     */
    void failed(StorageException e) throws IOException {
      if (e.getReason() != null && PASSING.contains(e.getReason())) {
        throw new IOException(uri + " can't be read now: " + firstLine(e), e);
      }
      boolean forbidden = e.getCode() == HttpURLConnection.HTTP_FORBIDDEN;
      if (!forbidden && e.getCode() != HttpURLConnection.HTTP_BAD_REQUEST) {
        throw new IOException(uri + " can't be read: " + firstLine(e), e);
      }
      String refusal = bucketRefusal(uri, e);
      if (refusal == null && bucketAnswered) {
        // Such as of an object whose key only its owner has. It is no better the next time.
        throw new UnreadableFileException(
            forbidden ? "no permission to read " + uri : uri + " can't be read: " + firstLine(e));
      }
      bucketAnswered = refusal == null;
      if (bucketAnswered) {
        pause(pause);
        return;
      }
      Instant now = Instant.now();
      since = since == null ? now : since;
      if (!now.isBefore(since.plus(patience.most()))) {
        throw new IOException(refusal + "; nothing of it can be read now, such as " + uri, e);
      }
      LOG.warn("{}, since {} or longer; waiting to read {}", refusal, since, uri);
      pause(pause);
      Duration longer = pause.multipliedBy(2);
      pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    }

    private void pause(Duration time) throws InterruptedIOException {
      try {
        Thread.sleep(time.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while waiting to read " + uri);
      }
    }
  }

  /**
   * Why a bucket refuses everything, or null if it answers, and what was refused is about an object
   * alone.
   */
  private @Nullable String bucketRefusal(String uri, StorageException refused) {
    BlobId object = blobId(uri);
    try {
      var unused = storage.list(object.getBucket(), BlobListOption.pageSize(1));
    } catch (StorageException e) {
      return e.getCode() == HttpURLConnection.HTTP_NOT_FOUND ? null : refusal(uri, e);
    }
    return isByBucketsKey(object)
        ? ObjectName.SCHEME + object.getBucket() + ": its key refuses: " + firstLine(refused)
        : null;
  }

  /**
   * Whether an object's key is the one by which its bucket encrypts. Whoever writes an object may
   * choose another one, and then nobody waits for that.
   */
  private boolean isByBucketsKey(BlobId object) {
    try {
      Blob blob = storage.get(object, BlobGetOption.fields(BlobField.KMS_KEY_NAME));
      if (blob == null || blob.getKmsKeyName() == null) {
        return false;
      }
      Bucket bucket =
          storage.get(object.getBucket(), BucketGetOption.fields(BucketField.ENCRYPTION));
      String key = bucket == null ? null : bucket.getDefaultKmsKeyName();
      return key != null && (blob.getKmsKeyName() + "/").startsWith(key + "/");
    } catch (StorageException e) {
      // Not everybody may ask a bucket for its key.
      return false;
    }
  }

  /** What a refusal by a bucket means, beginning with the bucket. */
  private static String refusal(String uri, StorageException e) {
    String bucket = ObjectName.SCHEME + blobId(uri).getBucket();
    return firstLine(e).toLowerCase(Locale.ROOT).contains("requester pays")
        ? bucket
            + " is a requester pays bucket, for which this program doesn't pay; switch that off for the bucket, or copy its files to another one"
        : bucket + " refuses to be read: " + firstLine(e);
  }

  private static IOException listFailure(String prefix, StorageException e) {
    String bucket = blobId(prefix).getBucket();
    return switch (e.getCode()) {
      case HttpURLConnection.HTTP_FORBIDDEN ->
          new UnreadableFileException("no permission to list the objects of " + bucket);
      case HttpURLConnection.HTTP_BAD_REQUEST -> new IOException(refusal(prefix, e), e);
      case HttpURLConnection.HTTP_NOT_FOUND ->
          new IOException(prefix + " can't be listed: there is no bucket " + bucket);
      default -> new IOException(prefix + " can't be listed: " + firstLine(e), e);
    };
  }

  private static IOException writeFailure(String uri, StorageException e) {
    return switch (e.getCode()) {
      case HttpURLConnection.HTTP_NOT_FOUND ->
          new IOException(uri + " can't be written: there is no bucket " + blobId(uri).getBucket());
      case HttpURLConnection.HTTP_FORBIDDEN ->
          new NoPermissionException(uri + " can't be written: " + firstLine(e));
      default -> new IOException(uri + " can't be written: " + firstLine(e), e);
    };
  }

  /** Closing its stream is what makes the object appear. Until then it holds nothing but memory. */
  private record Upload(OutputStream stream) implements PendingFile {

    @Override
    public void complete() throws IOException {
      stream.close();
    }

    @Override
    public void close() {
      // What isn't complete never appears.
    }
  }

  private final class UploadStream extends OutputStream {
    private final String uri;
    private final Existing existing;
    private final OutputStream out;
    private boolean isThere;

    UploadStream(String uri, Existing existing, OutputStream out) {
      this.uri = uri;
      this.existing = existing;
      this.out = out;
    }

    /** Parts fail with an IOException about the service's, requests at the end with that itself. */
    private void failed(IOException e) throws IOException {
      if (!(e.getCause() instanceof StorageException refused)) {
        throw e;
      }
      failed(refused);
    }

    private void failed(StorageException e) throws IOException {
      isThere = stays(uri, existing, e);
      if (!isThere) {
        throw writeFailure(uri, e);
      }
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (isThere) {
        return;
      }
      try {
        out.write(bytes, offset, length);
      } catch (StorageException e) {
        failed(e);
      } catch (IOException e) {
        failed(e);
      }
    }

    @Override
    public void close() throws IOException {
      if (isThere) {
        return;
      }
      try {
        out.close();
      } catch (StorageException e) {
        failed(e);
      } catch (IOException e) {
        failed(e);
      }
    }
  }

  /** A version's bytes. A version that is gone shows at the first read, or when it is resumed. */
  private final class PinnedStream extends InputStream {
    private final FileVersion file;
    private ReadChannel channel;
    private long position;

    PinnedStream(FileVersion file, long offset) throws IOException {
      this.file = file;
      this.channel = channel(file, offset);
      this.position = offset;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      int count = readChannel(ByteBuffer.wrap(target, offset, length));
      if (count > 0) {
        position += count;
      } else if (position < file.size()) {
        // The client takes a stream that ends early for the end.
        throw new IOException(
            file.uri() + " ended after " + position + " of its " + file.size() + " bytes");
      }
      return count;
    }

    private int readChannel(ByteBuffer target) throws IOException {
      Attempts attempts = new Attempts(file.uri());
      while (true) {
        try {
          int count;
          do {
            // At the end it says 0 first, and -1 when it is asked again.
            count = channel.read(target);
          } while (count == 0);
          return count;
        } catch (IOException e) {
          if (!(e.getCause() instanceof StorageException failure)) {
            throw e;
          }
          checkNotGone(failure);
          attempts.failed(failure);
        }
        channel.close();
        channel = channel(file, position);
      }
    }

    private void checkNotGone(StorageException e) throws IOException {
      boolean gone =
          e.getCode() == HttpURLConnection.HTTP_NOT_FOUND
              || e.getCode() == HttpURLConnection.HTTP_PRECON_FAILED;
      if (gone && !find(file.uri()).generation().equals(file.generation())) {
        throw FileGoneException.superseded(file.id());
      }
    }

    @Override
    public void close() {
      channel.close();
    }
  }
}
