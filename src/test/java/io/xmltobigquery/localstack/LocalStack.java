package io.xmltobigquery.localstack;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.cloud.NoCredentials;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobListOption;
import com.google.cloud.storage.StorageOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Pub/Sub, Cloud Storage and BigQuery on this machine, for tests: {@code @RegisterExtension final
 * LocalStack stack = new LocalStack();}. All tests share the services; each has its own dataset,
 * its own directories and its own topic, so that they don't meet. A table that is made anew under
 * an old name would not do: BigQueryIO remembers in static fields what it has created.
 *
 * <p>It also leads Storage Write clients of this JVM to the emulator; see {@code
 * LocalStackChannelProvider}.
 */
public final class LocalStack implements BeforeEachCallback, AfterEachCallback {

  /** See {@code LocalStackChannelProvider}. */
  public static final String REDIRECT = "local-stack.redirect";

  private static final String INPUT_BUCKET = "landing";
  private static final List<String> BUCKETS = List.of(INPUT_BUCKET, "dead-letter", "staging");

  private @Nullable Own own;
  private @Nullable LocalPubsub pubsub;

  /** What a test has while it runs. */
  private record Own(
      String name,
      JsonNode description,
      String whyNoPubsub,
      Storage storage,
      LocalBigQuery bigQuery) {}

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    RunningStack stack = RunningStack.of(context);
    JsonNode description = stack.description();
    System.setProperty(REDIRECT, description.at("/environment/LOCAL_STACK_REDIRECT").textValue());
    String name =
        context.getRequiredTestClass().getSimpleName().toLowerCase(Locale.ROOT)
            + "_"
            + UUID.randomUUID().toString().substring(0, 8);
    Storage storage =
        StorageOptions.newBuilder()
            .setHost(description.at("/environment/STORAGE_EMULATOR_HOST").textValue())
            .setProjectId(description.at("/environment/GOOGLE_CLOUD_PROJECT").textValue())
            .setCredentials(NoCredentials.getInstance())
            .build()
            .getService();
    LocalBigQuery bigQuery =
        new LocalBigQuery(
            description.at("/environment/BIGQUERY_EMULATOR_HOST").textValue(),
            description.at("/environment/GOOGLE_CLOUD_PROJECT").textValue(),
            name);
    bigQuery.createDataset();
    own = new Own(name, description, stack.whyNoPubsub(), storage, bigQuery);
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    if (own == null) {
      return; // It wasn't even started.
    }
    if (pubsub != null) {
      pubsub.deleteAll();
      pubsub = null;
    }
    own.bigQuery.deleteDataset();
    for (String bucket : BUCKETS) {
      for (Blob object : objects(bucket)) {
        object.delete();
      }
    }
  }

  /** The pipeline's options, without input, output and dead letter. */
  public List<String> options() {
    List<String> options = new ArrayList<>();
    for (JsonNode option : own().description.get("options")) {
      options.add(
          option.textValue().startsWith("--tempLocation=")
              ? "--tempLocation=" + staging()
              : option.textValue());
    }
    return options;
  }

  /** What leads a process of its own to the services, as {@code bin/local-stack env} prints it. */
  public Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>();
    own()
        .description
        .get("environment")
        .fields()
        .forEachRemaining(
            variable -> environment.put(variable.getKey(), variable.getValue().textValue()));
    return environment;
  }

  /** The dataset of the test, as {@code --output} wants it. */
  public String output() {
    return bigQuery().project() + ":" + bigQuery().dataset();
  }

  public LocalBigQuery bigQuery() {
    return own().bigQuery;
  }

  /**
   * The topic of the test, with a subscription. A test that asks for it is skipped where there is
   * no emulator of Pub/Sub.
   */
  public LocalPubsub pubsub() throws IOException {
    assumeTrue(own().whyNoPubsub.isEmpty(), own().whyNoPubsub);
    if (pubsub == null) {
      pubsub =
          LocalPubsub.create(
              own().description.at("/environment/PUBSUB_EMULATOR_HOST").textValue(),
              own().description.at("/environment/GOOGLE_CLOUD_PROJECT").textValue(),
              own().name);
    }
    return pubsub;
  }

  public Storage storage() {
    return own().storage;
  }

  /** Where {@link #upload} puts objects, as {@code gs://BUCKET/DIRECTORY}. */
  public String input() {
    return directory(INPUT_BUCKET);
  }

  public String deadLetter() {
    return directory("dead-letter");
  }

  /** The {@code tempLocation} of the class. */
  public String staging() {
    return directory("staging");
  }

  /**
   * Uploads to {@link #input}.
   *
   * @param name whatever a name may be in Cloud Storage, from {@link #input} on
   */
  public Blob upload(String name, byte[] content) {
    return upload(name, content, null);
  }

  /**
   * The same, of an object with a {@code Content-Encoding}.
   *
   * @param content as it is stored: compressed, if the encoding says so
   */
  public Blob upload(String name, byte[] content, @Nullable String contentEncoding) {
    BlobInfo info =
        BlobInfo.newBuilder(INPUT_BUCKET, own().name + "/" + name)
            .setContentEncoding(contentEncoding)
            .build();
    return storage().create(info, content);
  }

  /** The same, of a file that is too large for memory. */
  public Blob upload(String name, Path file) throws IOException {
    BlobInfo info = BlobInfo.newBuilder(INPUT_BUCKET, own().name + "/" + name).build();
    return storage().createFrom(info, file);
  }

  /** The test's objects in {@code landing}, {@code dead-letter} or {@code staging}. */
  public List<Blob> objects(String bucket) {
    return storage().list(bucket, BlobListOption.prefix(own().name + "/")).streamAll().toList();
  }

  /** Their names, from {@link #input}, {@link #deadLetter} or {@code tempLocation} on. */
  public List<String> names(String bucket) {
    int prefix = own().name.length() + 1;
    return objects(bucket).stream().map(object -> object.getName().substring(prefix)).toList();
  }

  /** The content of one of {@link #names}. */
  public byte[] content(String bucket, String name) {
    return storage().readAllBytes(BlobId.of(bucket, own().name + "/" + name));
  }

  /** Where clients believe gRPC to be, as {@code HOST:PORT}. */
  String restAddress() {
    return "127.0.0.1:" + own().description.at("/ports/bigquery").intValue();
  }

  int grpcPort() {
    return own().description.at("/ports/bigquery_grpc").intValue();
  }

  private String directory(String bucket) {
    return "gs://" + bucket + "/" + own().name;
  }

  private Own own() {
    if (own == null) {
      throw new IllegalStateException("only while a test runs");
    }
    return own;
  }
}
