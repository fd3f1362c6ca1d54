package io.xmltobigquery.mapping;

import static java.util.Comparator.comparing;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a mapping document: JSON whose fields are those of BigQuery's JSON schema plus where the
 * values come from; comments as in Java and trailing commas are taken. All mistakes are reported at
 * once; only broken JSON, which includes a key that occurs twice in one object, hides what comes
 * after it.
 */
public final class MappingReader {

  private static final String DEFAULT_MAPPING = "customers-orders.json";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // What people write into configuration, and editors take as JSONC.
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
          .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** {@code $schema} is for editors: see {@link MappingSchema}. */
  static final List<String> DOCUMENT_KEYS =
      List.of(
          "$schema", "entities", "namespaces", "outside", "emptyDocument", "defaults", "tables");

  static final List<String> TABLE_KEYS =
      Stream.concat(
              Stream.of(
                  "table", "record", "namespace", "unknown", "deleteWhen", "fields", "defaults"),
              BigQueryKeys.OF_TABLE.stream())
          .toList();
  private static final Map<String, Boolean> IGNORE_UNKNOWN =
      new TreeMap<>(Map.of("error", false, "ignore", true));

  private static final Map<String, Boolean> ACCEPT_EMPTY =
      new TreeMap<>(Map.of("reject", false, "accept", true));

  private static final Pattern TABLE_NAME = Pattern.compile("[A-Za-z0-9_-]{1,1024}");

  /** What a mapping is called by; it is no secret that anybody would want to forge. */
  private static final int DIGEST_BYTES = 8;

  private final List<MappingProblem> problems = new ArrayList<>();
  private final Map<String, String> tableNames = new HashMap<>();
  private Namespaces namespaces = Namespaces.KNOWN;

  private ValueDefaults defaults = ValueDefaults.NONE;

  private final boolean hasLimits;

  private MappingReader(boolean hasLimits) {
    this.hasLimits = hasLimits;
  }

  /**
   * Reads and checks a mapping document.
   *
   * @param json the document in UTF-8
   * @throws MappingException if the document has mistakes: it tells all of them
   */
  public static Mapping read(byte[] json) throws MappingException {
    return read(json, true);
  }

  /**
   * Reads one whose tables may have more columns, and deeper ones, than BigQuery takes, since they
   * are to become several.
   *
   * @param json and the exception are those of {@link #read}
   */
  public static Mapping readUndivided(byte[] json) throws MappingException {
    return read(json, false);
  }

  private static Mapping read(byte[] json, boolean hasLimits) throws MappingException {
    JsonNode root = parse(decode(json));
    MappingReader reader = new MappingReader(hasLimits);
    Mapping mapping = reader.mapping(root);
    if (!reader.problems.isEmpty()) {
      Map<String, Integer> positions = new HashMap<>();
      numberNodes("", root, positions);
      reader.problems.sort(comparing(problem -> positions.get(problem.pointer())));
      throw new MappingException(reader.problems);
    }
    return mapping.with(digest(json));
  }

  private static String digest(byte[] document) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(document);
      return HexFormat.of().formatHex(hash, 0, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The mapping that comes with the program: customers and orders. */
  public static Mapping defaultMapping() {
    try (InputStream json = MappingReader.class.getResourceAsStream(DEFAULT_MAPPING)) {
      return read(Objects.requireNonNull(json, DEFAULT_MAPPING).readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MappingException e) {
      throw new IllegalStateException("The mapping that comes with the program is wrong", e);
    }
  }

  /**
   * The text of a mapping document, without a byte order mark.
   *
   * @throws MappingException if it isn't UTF-8
   */
  public static String decode(byte[] json) throws MappingException {
    ByteBuffer bytes = ByteBuffer.wrap(json);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw syntaxError(
          "", "is not UTF-8 at byte " + bytes.position() + ": save the document as UTF-8");
    }
  }

  private static JsonNode parse(String text) throws MappingException {
    try {
      JsonNode root = JSON.readTree(text);
      if (root.isMissingNode()) {
        throw syntaxError("", "the document is empty: write {\"tables\": [...]}");
      }
      return root;
    } catch (JsonProcessingException e) {
      String pointer =
          e.getProcessor() instanceof JsonParser parser
              ? parser.getParsingContext().pathAsPointer().toString()
              : "";
      throw syntaxError(pointer, "not valid JSON" + place(e) + ": " + e.getOriginalMessage());
    }
  }

  private static String place(JsonProcessingException e) {
    @Nullable JsonLocation location = e.getLocation();
    return location == null
        ? ""
        : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  private static MappingException syntaxError(String pointer, String message) {
    return new MappingException(List.of(new MappingProblem(pointer, message)));
  }

  private Mapping mapping(JsonNode root) {
    List<TableMapping> tables = new ArrayList<>();
    Map<String, Integer> entities = Map.of();
    Boolean outside = null;
    Boolean acceptEmpty = false;
    DocumentObject document = DocumentObject.of("", root, problems);
    if (document != null) {
      document.checkKeys(DOCUMENT_KEYS);
      var unused = document.text("$schema");
      entities = Entities.read(document, "entities");
      namespaces = namespaces.with(document.textsByKey("namespaces"));
      outside = document.choice("outside", IGNORE_UNKNOWN, null);
      acceptEmpty = document.choice("emptyDocument", ACCEPT_EMPTY, false);
      defaults = ValueDefaults.read(document);
      for (DocumentObject object : document.requiredObjects("tables")) {
        TableMapping table = table(object);
        if (table != null) {
          tables.add(table);
        }
      }
    }
    return new Mapping(tables, entities, outside, acceptEmpty != null && acceptEmpty, "");
  }

  private @Nullable TableMapping table(DocumentObject table) {
    table.checkKeys(TABLE_KEYS);
    String name = tableName(table);
    String namespace = table.text("namespace");
    if (namespace != null && namespaces.declaresDefault()) {
      table.problem(
          "namespace", "is the \"\" of the mapping's \"namespaces\" too: remove one of the two");
    }
    Namespaces names =
        namespace == null ? namespaces : namespaces.with(Map.of("", List.of(namespace)));
    SourceParser sources = new SourceParser(names);
    List<Path> records = recordPaths(table, sources);
    Boolean ignoreUnknown = table.choice("unknown", IGNORE_UNKNOWN, false);
    int problemsBefore = problems.size();
    ConversionReader conversions = new ConversionReader(ValueDefaults.read(table).over(defaults));
    List<Field> fields = new FieldReader(sources, conversions, records, hasLimits).read(table);
    List<Field> goodFields = problems.size() == problemsBefore ? fields : null;
    ObjectNode bigQuery = BigQueryKeys.ofTable(table, goodFields);
    List<String> primaryKey = PrimaryKey.read(table, goodFields, bigQuery);
    Path.Predicate deleteWhen = deleteWhen(table, sources);
    if (name == null || records == null || ignoreUnknown == null) {
      return null;
    }
    String recordText = table.requiredText("record");
    return new TableMapping(
        name,
        records,
        recordText == null ? "" : recordText,
        ignoreUnknown,
        bigQuery.toString(),
        primaryKey,
        deleteWhen,
        fields,
        names);
  }

  private static Path.@Nullable Predicate deleteWhen(DocumentObject table, SourceParser sources) {
    String condition = table.text("deleteWhen");
    if (condition == null) {
      return null;
    }
    if (!table.has(PrimaryKey.NAME)) {
      table.problem(
          "deleteWhen", "needs a \"primaryKey\", by which the row to delete is found: add one");
    }
    try {
      return sources.parseCondition(condition);
    } catch (SourceParser.InvalidPathSyntaxException e) {
      table.problem("deleteWhen", e.getMessage());
      return null;
    }
  }

  private @Nullable String tableName(DocumentObject table) {
    String name = table.requiredText("table");
    if (name == null) {
      return null;
    }
    if (!TABLE_NAME.matcher(name).matches()) {
      table.problem(
          "table",
          DocumentObject.quote(name)
              + " is no table name: use letters, digits, underscores and hyphens, at most 1024");
      return null;
    }
    if (name.equalsIgnoreCase(Mapping.RESERVED_TABLE)) {
      table.problem(
          "table", DocumentObject.quote(name) + " is the table of outcomes: choose another");
    }
    table.checkUnique("table", name, tableNames);
    return name;
  }

  private static @Nullable List<Path> recordPaths(DocumentObject table, SourceParser sources) {
    String text = table.requiredText("record");
    if (text == null) {
      return null;
    }
    try {
      return sources.parseRecord(text);
    } catch (SourceParser.InvalidPathSyntaxException e) {
      table.problem("record", e.getMessage());
      return null;
    }
  }

  /** Numbers all nodes as a reader of the document meets them. */
  private static void numberNodes(String pointer, JsonNode node, Map<String, Integer> positions) {
    positions.put(pointer, positions.size());
    if (node.isObject()) {
      node.fields()
          .forEachRemaining(
              member ->
                  numberNodes(
                      DocumentObject.pointer(pointer, member.getKey()),
                      member.getValue(),
                      positions));
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      numberNodes(DocumentObject.pointer(pointer, Integer.toString(i)), node.get(i), positions);
    }
  }
}
