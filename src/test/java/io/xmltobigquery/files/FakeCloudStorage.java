package io.xmltobigquery.files;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.primitives.UnsignedBytes;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.jspecify.annotations.Nullable;

/**
 * Cloud Storage's JSON API on objects, in memory: generations, preconditions, ranges and resumable
 * uploads are as the service has them. A test chooses what happens before the n-th request of a
 * kind: somebody overwrites or deletes an object, the request is refused, the connection breaks.
 */
public final class FakeCloudStorage implements AutoCloseable {

  /** Kinds of requests; an upload is begun by one request and goes on with more. */
  public enum Kind {
    METADATA,
    MEDIA,
    LIST,
    BEGIN_UPLOAD,
    UPLOAD,
    REWRITE,
    DELETE
  }

  private static final String API = "/storage/v1/b/";
  private static final Pattern BUCKET = Pattern.compile(API + "([^/]+)");
  private static final Pattern OBJECTS = Pattern.compile(API + "([^/]+)/o");
  private static final Pattern OBJECT = Pattern.compile(API + "([^/]+)/o/([^/]+)");
  private static final Pattern PERMISSIONS = Pattern.compile(API + "([^/]+)/iam/testPermissions");
  private static final Pattern REWRITE =
      Pattern.compile(API + "([^/]+)/o/([^/]+)/rewriteTo/b/([^/]+)/o/([^/]+)");
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (?:\\*|(\\d+)-\\d+)/(\\*|\\d+)");
  private static final ObjectMapper JSON = new ObjectMapper();

  static {
    // The server sends an answer's header and body one by one. Unless it is told not to, the kernel
    // holds the second until the first is acknowledged, which takes the other side 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  @SuppressWarnings(
      "ArrayRecordComponent") // It is only read, and its generation tells it from others.
  private record StoredObject(
      String uri,
      long generation,
      byte[] content,
      @Nullable String contentEncoding,
      @Nullable String key) {

    /** As in the service, a generation tells microseconds. */
    Instant created() {
      return Instant.ofEpochMilli(generation / 1000);
    }
  }

  private record Upload(String uri, Map<String, String> query, ByteArrayOutputStream content) {}

  private record Name(Kind kind, int number) {}

  /** By the bytes of UTF-8, as the service lists; Java's own order is another one. */
  private static final Comparator<String> IN_ORDER =
      Comparator.comparing(
          uri -> uri.getBytes(StandardCharsets.UTF_8), UnsignedBytes.lexicographicalComparator());

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<Name, Event> events = new ConcurrentHashMap<>();
  private volatile Watcher watcher = uri -> null;
  private final Map<Kind, Integer> requests = new HashMap<>();
  private final Map<String, Upload> uploads = new HashMap<>();

  /** By bucket and URI; the versions of an object, the live one last, or null for a deleted one. */
  private final Map<String, Map<String, List<@Nullable StoredObject>>> buckets = new TreeMap<>();

  private final List<String> versionedBuckets = new ArrayList<>();

  /** What may not be done, as {@code bucket permission}. */
  private final List<String> denied = new ArrayList<>();

  /** What every request for a bucket's objects, or for one object, is answered. */
  private final Map<String, Refusal> refusals = new HashMap<>();

  /** Whose objects can't be overwritten or deleted. */
  private final List<String> retained = new ArrayList<>();

  /** By which keys buckets encrypt, unless told otherwise. */
  private final Map<String, String> keys = new HashMap<>();

  private final List<String> disabledKeys = new ArrayList<>();

  private boolean rewritesTakeTwoRequests;
  private int begunUploads;
  private long generations = 1_700_000_000_000_000L;

  private FakeCloudStorage(HttpServer server) {
    this.server = server;
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Starts a server with the given buckets. */
  public static FakeCloudStorage start(String... buckets) throws IOException {
    FakeCloudStorage storage =
        new FakeCloudStorage(
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    for (String bucket : buckets) {
      storage.buckets.put(bucket, new TreeMap<>(IN_ORDER));
    }
    return storage;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  /** Options that lead to this server. */
  public PipelineOptions options() {
    GcsOptions options = PipelineOptionsFactory.as(GcsOptions.class);
    options.setGcsEndpoint(endpoint());
    options.setCredentialFactoryClass(NoopCredentialFactory.class);
    options.setProject("project");
    return options;
  }

  /** As Beam's {@code --gcsEndpoint} wants it. */
  public String endpoint() {
    return root() + "/storage/v1/";
  }

  private String root() {
    return "http://" + server.getAddress().getHostString() + ":" + server.getAddress().getPort();
  }

  /** From now on, older versions of a bucket's objects can be read. */
  public synchronized void keepVersions(String bucket) {
    versionedBuckets.add(bucket);
  }

  /** From now on, who asks is told that it may not do this in a bucket. */
  public synchronized void deny(String bucket, String permission) {
    denied.add(bucket + " " + permission);
  }

  /** From now on, every request for a bucket's objects is refused, until it is to answer. */
  public synchronized void refuseAll(String bucket, int status, String message) {
    refusals.put(bucket, new Refusal(status, message));
  }

  /** Ends {@link #refuseAll}. */
  public synchronized void answer(String bucket) {
    refusals.remove(bucket);
  }

  /** From now on, nobody is told anything of an object. */
  public synchronized void refuseObject(String uri, int status) {
    refusals.put(uri, new Refusal(status, "refused by the test"));
  }

  /** From now on, what is in a bucket can't be overwritten or deleted: a retention policy. */
  public synchronized void retain(String bucket) {
    retained.add(bucket);
  }

  /** From now on, a bucket's new objects are encrypted by a key of Cloud KMS. */
  public synchronized void encrypt(String bucket, String key) {
    keys.put(bucket, key);
  }

  /** What it encrypts can't be read until it is enabled. */
  public synchronized void disableKey(String key) {
    disabledKeys.add(key);
  }

  public synchronized void enableKey(String key) {
    disabledKeys.remove(key);
  }

  /** From now on, objects are created a millisecond after each other, the first at this time. */
  public synchronized void createFrom(Instant time) {
    generations = time.toEpochMilli() * 1000;
  }

  /** From now on, no copy is done with one request. */
  public synchronized void rewriteInTwoRequests() {
    rewritesTakeTwoRequests = true;
  }

  /** Puts an object there, as somebody else would. */
  public FileVersion put(String uri, byte[] content) {
    return put(uri, content, null);
  }

  /** Puts an object there, as somebody else would. */
  public synchronized FileVersion put(
      String uri, byte[] content, @Nullable String contentEncoding) {
    String key = keys.get(bucketOf(uri));
    return put(uri, content, contentEncoding, key == null ? null : key + "/cryptoKeyVersions/1");
  }

  /** Puts an object there that its owner encrypts by a key of Cloud KMS. */
  public synchronized FileVersion put(
      String uri, byte[] content, @Nullable String contentEncoding, @Nullable String key) {
    StoredObject object = new StoredObject(uri, generations, content, contentEncoding, key);
    generations += 1000; // Times have milliseconds.
    versions(uri).add(object);
    return new FileVersion(
        uri, Long.toString(object.generation()), content.length, object.created());
  }

  /** Deletes an object, as somebody else would. */
  public synchronized void delete(String uri) {
    versions(uri).add(null);
  }

  private List<@Nullable StoredObject> versions(String uri) {
    Map<String, List<@Nullable StoredObject>> bucket = buckets.get(bucketOf(uri));
    if (bucket == null) {
      throw new Refusal(404, "The specified bucket does not exist.");
    }
    return bucket.computeIfAbsent(uri, name -> new ArrayList<>());
  }

  private static String bucketOf(String uri) {
    return uri.split("/", 4)[2];
  }

  /** All objects, as URIs, sorted. */
  public synchronized List<String> objects() {
    return buckets.values().stream()
        .flatMap(bucket -> bucket.keySet().stream())
        .filter(uri -> live(uri) != null)
        .toList();
  }

  public synchronized byte[] content(String uri) {
    return found(live(uri), uri).content();
  }

  private @Nullable StoredObject live(String uri) {
    List<@Nullable StoredObject> versions = versions(uri);
    return versions.isEmpty() ? null : versions.get(versions.size() - 1);
  }

  private StoredObject version(String uri, @Nullable String generation) {
    StoredObject live = live(uri);
    if (generation == null) {
      return found(live, uri);
    }
    for (StoredObject version : versions(uri)) {
      if (version != null
          && Long.toString(version.generation()).equals(generation)
          && (version.equals(live) || versionedBuckets.contains(bucketOf(uri)))) {
        return version;
      }
    }
    throw new Refusal(404, "No such object: " + uri + "#" + generation);
  }

  private static StoredObject found(@Nullable StoredObject object, String uri) {
    if (object == null) {
      throw new Refusal(404, "No such object: " + uri);
    }
    return object;
  }

  /** What a test lets happen to a request. */
  @FunctionalInterface
  private interface Event {
    /** Returns after how many bytes of the answer the connection breaks, or null if it doesn't. */
    @Nullable Integer happen();
  }

  /** Does something before the n-th request of a kind, from 1, is looked at. */
  public void before(Kind kind, int number, Runnable action) {
    events.put(
        new Name(kind, number),
        () -> {
          action.run();
          return null;
        });
  }

  /** Sees every request before it is looked at. */
  @FunctionalInterface
  public interface Watcher {
    /**
     * Does something before a request.
     *
     * @param uri of the object that it is about: of a copy, the source; of a listing, how the names
     *     begin
     * @return after how many bytes of a download the connection breaks, or null if it doesn't
     */
    @Nullable Integer before(String uri);
  }

  /** From now on, every request is seen. */
  public void watch(Watcher by) {
    watcher = by;
  }

  /** Refuses the n-th request of a kind. */
  public void refuse(Kind kind, int number, int status) {
    refuse(kind, number, status, "test");
  }

  /** The same, for a reason that the service names. */
  public void refuse(Kind kind, int number, int status, String reason) {
    before(
        kind,
        number,
        () -> {
          throw new Refusal(status, reason, "refused by the test");
        });
  }

  /** Breaks the connection of the n-th download. */
  public void cutDownload(int number, int afterBytes) {
    events.put(new Name(Kind.MEDIA, number), () -> afterBytes);
  }

  /** How many requests of a kind have come. */
  public synchronized int requests(Kind kind) {
    return requests.getOrDefault(kind, 0);
  }

  private @Nullable Integer happening(Kind kind, String uri) {
    Integer cut = watcher.before(uri);
    Event event;
    synchronized (this) {
      event = events.get(new Name(kind, requests.merge(kind, 1, Integer::sum)));
    }
    Integer happening = event == null ? cut : event.happen();
    refuseIfToldTo(bucketOf(uri));
    refuseIfToldTo(uri);
    return happening;
  }

  private synchronized void refuseIfToldTo(String bucketOrObject) {
    Refusal refusal = refusals.get(bucketOrObject);
    if (refusal != null) {
      throw refusal;
    }
  }

  private synchronized StoredObject decrypted(StoredObject object) {
    if (object.key() != null && disabledKeys.contains(object.key().split("/cryptoKeyV", 2)[0])) {
      throw new Refusal(400, "Cloud KMS key is disabled");
    }
    return object;
  }

  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String reason;

    Refusal(int status, String message) {
      this(status, "test", message);
    }

    Refusal(int status, String reason, String message) {
      super(message);
      this.status = status;
      this.reason = reason;
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      try {
        answer(exchange, exchange.getRequestURI().getRawPath(), query(exchange));
      } catch (Refusal e) {
        ObjectNode json = JSON.createObjectNode();
        ObjectNode error = json.putObject("error");
        error.put("code", e.status).put("message", e.getMessage());
        error.putArray("errors").addObject().put("reason", e.reason);
        sendJson(exchange, e.status, json);
      }
    }
  }

  private void answer(HttpExchange exchange, String path, Map<String, String> query)
      throws IOException {
    String plainPath = path.replaceFirst("^/(download|upload)", "");
    Matcher object = OBJECT.matcher(plainPath);
    Matcher objects = OBJECTS.matcher(plainPath);
    Matcher rewrite = REWRITE.matcher(plainPath);
    Matcher permissions = PERMISSIONS.matcher(plainPath);
    Matcher bucket = BUCKET.matcher(plainPath);
    if (permissions.matches()) {
      testPermissions(exchange, permissions.group(1));
    } else if (bucket.matches()) {
      bucket(exchange, bucket.group(1));
    } else if (rewrite.matches()) {
      rewrite(exchange, uri(rewrite, 1), uri(rewrite, 3), query);
    } else if (object.matches() && exchange.getRequestMethod().equals("DELETE")) {
      delete(exchange, uri(object, 1), query);
    } else if (object.matches() && "media".equals(query.get("alt"))) {
      download(exchange, uri(object, 1), query);
    } else if (object.matches()) {
      String uri = uri(object, 1);
      happening(Kind.METADATA, uri);
      synchronized (this) {
        sendJson(exchange, 200, json(version(uri, query.get("generation"))));
      }
    } else if (objects.matches() && path.startsWith("/upload/")) {
      upload(exchange, "gs://" + decoded(objects.group(1)) + "/", query);
    } else if (objects.matches()) {
      list(exchange, "gs://" + decoded(objects.group(1)) + "/", query);
    } else {
      throw new Refusal(501, "not in this fake: " + exchange.getRequestMethod() + " " + path);
    }
  }

  private void bucket(HttpExchange exchange, String bucket) throws IOException {
    ObjectNode answer = JSON.createObjectNode().put("kind", "storage#bucket").put("name", bucket);
    synchronized (this) {
      versions("gs://" + bucket + "/");
      refuseIfToldTo(bucket);
      if (denied.contains(bucket + " storage.buckets.get")) {
        throw new Refusal(403, "no permission storage.buckets.get");
      }
      answer.putObject("encryption").put("defaultKmsKeyName", keys.get(bucket));
    }
    sendJson(exchange, 200, answer);
  }

  private void testPermissions(HttpExchange exchange, String bucket) throws IOException {
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode granted = answer.putArray("permissions");
    synchronized (this) {
      versions("gs://" + bucket + "/");
      for (String parameter : exchange.getRequestURI().getRawQuery().split("&", -1)) {
        String permission = parameter.replaceFirst("^permissions=", "");
        if (!permission.equals(parameter) && !denied.contains(bucket + " " + permission)) {
          granted.add(permission);
        }
      }
    }
    sendJson(exchange, 200, answer);
  }

  private void download(HttpExchange exchange, String uri, Map<String, String> query)
      throws IOException {
    Integer cut = happening(Kind.MEDIA, uri);
    StoredObject object;
    synchronized (this) {
      object = decrypted(version(uri, query.get("generation")));
    }
    byte[] content = object.content();
    Matcher range = RANGE.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
    String accepted = String.valueOf(exchange.getRequestHeaders().getFirst("Accept-Encoding"));
    exchange.getResponseHeaders().set("x-goog-generation", Long.toString(object.generation()));
    exchange
        .getResponseHeaders()
        .set(
            "x-goog-stored-content-encoding",
            object.contentEncoding() == null ? "identity" : object.contentEncoding());
    int status = 200;
    if ("gzip".equals(object.contentEncoding()) && !accepted.contains("gzip")) {
      // Decompressive transcoding, which doesn't care for ranges.
      content = gunzip(content);
    } else {
      if (object.contentEncoding() != null) {
        exchange.getResponseHeaders().set("Content-Encoding", object.contentEncoding());
      }
      if (range.matches()) {
        int start = Integer.parseInt(range.group(1));
        int end = range.group(2).isEmpty() ? content.length : Integer.parseInt(range.group(2)) + 1;
        if (start >= content.length) {
          throw new Refusal(416, "Requested range not satisfiable");
        }
        content = Arrays.copyOfRange(content, start, Math.min(end, content.length));
        status = 206;
      }
    }
    if (cut == null) {
      send(exchange, status, content);
    } else {
      exchange.sendResponseHeaders(status, content.length);
      exchange.getResponseBody().write(content, 0, cut);
      exchange.getResponseBody().flush();
    }
  }

  /** A page's token has the last name of the page before in it, as the service's has. */
  private void list(HttpExchange exchange, String bucketUri, Map<String, String> query)
      throws IOException {
    String prefix = bucketUri + query.getOrDefault("prefix", "");
    happening(Kind.LIST, prefix);
    String from = bucketUri + query.getOrDefault("startOffset", "");
    byte[] token = Base64.getUrlDecoder().decode(query.getOrDefault("pageToken", ""));
    String after = new String(token, StandardCharsets.UTF_8);
    int most = Integer.parseInt(query.getOrDefault("maxResults", "1000"));
    ObjectNode answer = JSON.createObjectNode().put("kind", "storage#objects");
    ArrayNode items = answer.putArray("items");
    synchronized (this) {
      versions(bucketUri);
      for (String uri : objects()) {
        if (!uri.startsWith(prefix)
            || IN_ORDER.compare(uri, from) < 0
            || IN_ORDER.compare(uri, after) <= 0) {
          continue;
        } else if (items.size() == most) {
          String last = bucketUri + items.get(most - 1).get("name").textValue();
          answer.put(
              "nextPageToken",
              Base64.getUrlEncoder().encodeToString(last.getBytes(StandardCharsets.UTF_8)));
          break;
        }
        items.add(json(version(uri, null)));
      }
    }
    sendJson(exchange, 200, answer);
  }

  private void upload(HttpExchange exchange, String bucketUri, Map<String, String> query)
      throws IOException {
    String id = query.get("upload_id");
    if (id == null) {
      String uri = bucketUri + query.get("name");
      happening(Kind.BEGIN_UPLOAD, uri);
      String begun;
      synchronized (this) {
        begun = Integer.toString(++begunUploads);
        versions(uri);
        uploads.put(begun, new Upload(uri, query, new ByteArrayOutputStream()));
      }
      exchange
          .getResponseHeaders()
          .set("Location", root() + exchange.getRequestURI().getRawPath() + "?upload_id=" + begun);
      send(exchange, 200, new byte[0]);
      return;
    }
    Upload upload;
    synchronized (this) {
      upload = uploads.get(id);
    }
    happening(Kind.UPLOAD, upload.uri());
    Matcher range = CONTENT_RANGE.matcher(exchange.getRequestHeaders().getFirst("Content-Range"));
    byte[] content = exchange.getRequestBody().readAllBytes();
    if (!range.matches()
        || (range.group(1) != null
            && Integer.parseInt(range.group(1)) != upload.content().size())) {
      throw new Refusal(400, "not what comes next: " + range);
    }
    upload.content().write(content);
    if (!range.group(2).equals(Integer.toString(upload.content().size()))) {
      if (upload.content().size() > 0) {
        exchange.getResponseHeaders().set("Range", "bytes=0-" + (upload.content().size() - 1));
      }
      exchange.sendResponseHeaders(308, -1);
      return;
    }
    synchronized (this) {
      checkPrecondition(upload.uri(), upload.query());
      checkNotRetained(upload.uri());
      put(upload.uri(), upload.content().toByteArray());
      uploads.remove(id);
      sendJson(exchange, 200, json(version(upload.uri(), null)));
    }
  }

  private void rewrite(
      HttpExchange exchange, String source, String target, Map<String, String> query)
      throws IOException {
    happening(Kind.REWRITE, source);
    ObjectNode answer = JSON.createObjectNode().put("kind", "storage#rewriteResponse");
    synchronized (this) {
      StoredObject object = decrypted(version(source, query.get("sourceGeneration")));
      refuseIfToldTo(bucketOf(target));
      checkPrecondition(target, query);
      checkNotRetained(target);
      String size = Integer.toString(object.content().length);
      answer.put("objectSize", size);
      versions(target);
      if (rewritesTakeTwoRequests && !query.containsKey("rewriteToken")) {
        answer.put("done", false).put("totalBytesRewritten", "1").put("rewriteToken", "token");
      } else {
        put(target, object.content(), object.contentEncoding());
        answer.put("done", true).put("totalBytesRewritten", size);
        answer.set("resource", json(version(target, null)));
      }
    }
    sendJson(exchange, 200, answer);
  }

  private void delete(HttpExchange exchange, String uri, Map<String, String> query)
      throws IOException {
    happening(Kind.DELETE, uri);
    synchronized (this) {
      checkPrecondition(uri, query);
      checkNotRetained(uri);
      if (query.containsKey("generation")) {
        versions(uri).remove(version(uri, query.get("generation")));
      } else {
        found(live(uri), uri);
        delete(uri);
      }
    }
    exchange.sendResponseHeaders(204, -1);
  }

  private void checkPrecondition(String uri, Map<String, String> query) {
    String wanted = query.get("ifGenerationMatch");
    StoredObject live = live(uri);
    if (wanted != null && !wanted.equals(live == null ? "0" : "" + live.generation())) {
      throw new Refusal(412, "At least one of the pre-conditions you specified did not hold.");
    }
  }

  /** Whoever may not delete may not overwrite either. */
  private void checkNotRetained(String uri) {
    if (live(uri) == null) {
      return;
    }
    if (retained.contains(bucketOf(uri))) {
      throw new Refusal(403, "retentionPolicyNotMet", uri + " is under a retention policy");
    }
    if (denied.contains(bucketOf(uri) + " storage.objects.delete")) {
      throw new Refusal(403, "forbidden", "no permission storage.objects.delete");
    }
  }

  private static ObjectNode json(StoredObject object) {
    String[] parts = object.uri().split("/", 4);
    return JSON.createObjectNode()
        .put("kind", "storage#object")
        .put("bucket", parts[2])
        .put("name", parts[3])
        .put("generation", Long.toString(object.generation()))
        .put("size", Integer.toString(object.content().length))
        .put("contentEncoding", object.contentEncoding())
        .put("kmsKeyName", object.key())
        .put("timeCreated", object.created().toString())
        .put("updated", object.created().toString());
  }

  private static String uri(Matcher path, int bucketGroup) {
    return "gs://" + decoded(path.group(bucketGroup)) + "/" + decoded(path.group(bucketGroup + 1));
  }

  /** In a path, a plus stands for itself. */
  private static String decoded(String rawPathSegment) {
    return URLDecoder.decode(rawPathSegment.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static Map<String, String> query(HttpExchange exchange) throws IOException {
    Map<String, String> query = new HashMap<>();
    String raw = exchange.getRequestURI().getRawQuery();
    if (exchange.getRequestHeaders().containsKey("X-HTTP-Method-Override")) {
      // So the client sends a URL of more than 2,048 characters, as a zipped form.
      byte[] form = exchange.getRequestBody().readAllBytes();
      boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
      raw = new String(zipped ? gunzip(form) : form, StandardCharsets.UTF_8);
    }
    if (raw != null) {
      for (String parameter : raw.split("&", -1)) {
        String[] parts = parameter.split("=", 2);
        query.put(
            parts[0], parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
      }
    }
    return query;
  }

  private static byte[] gunzip(byte[] content) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(content))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getRequestBody().readAllBytes();
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private static void sendJson(HttpExchange exchange, int status, ObjectNode json)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
    send(exchange, status, JSON.writeValueAsBytes(json));
  }
}
