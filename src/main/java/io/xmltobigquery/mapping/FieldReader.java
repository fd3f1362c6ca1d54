package io.xmltobigquery.mapping;

import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.xmltobigquery.values.ColumnType;
import io.xmltobigquery.values.Conversion;
import io.xmltobigquery.values.Lexical;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code fields} of a table or RECORD column and checks them against BigQuery's rules.
 * Where there are problems, the result isn't to be used.
 */
final class FieldReader {

  static final List<String> KEYS =
      Stream.of(
              List.of(
                  "name",
                  "type",
                  "mode",
                  "source",
                  "as",
                  "lexical",
                  "description",
                  "maxLength",
                  "precision",
                  "scale",
                  "fields"),
              ConversionReader.KEYS,
              BigQueryKeys.OF_FIELD)
          .flatMap(List::stream)
          .toList();

  private static final Pattern COLUMN_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,299}");

  /** BigQuery: "Specify a schema", column names. */
  private static final List<String> RESERVED_PREFIXES =
      List.of(
          "_TABLE_",
          "_FILE_",
          "_PARTITION",
          "_ROW_TIMESTAMP",
          "__ROOT__",
          "_COLIDENTIFIER",
          "_CHANGE_SEQUENCE_NUMBER",
          "_CHANGE_TYPE",
          "_CHANGE_TIMESTAMP");

  /** BigQuery: "Quotas and limits", maximum length of a column description, in characters. */
  private static final int MAX_DESCRIPTION_LENGTH = 1_024;

  /** BigQuery's limit: "Nested and repeated columns", maximum nested depth. */
  private static final int MOST_RECORD_LEVELS = 15;

  /** BigQuery's limit: "Quotas and limits", columns in a table, those in RECORDs included. */
  private static final int MOST_COLUMNS = 10_000;

  private static final Set<String> UNSUPPORTED_TYPES = Set.of("GEOGRAPHY", "INTERVAL", "RANGE");

  /** What an element is taken as. */
  static final Map<String, Path.Take> FORMS =
      new TreeMap<>(
          Map.of(
              "text", Path.Take.ELEMENT,
              "xml", Path.Take.XML,
              "inner-xml", Path.Take.INNER_XML,
              "json", Path.Take.JSON));

  private static final Set<ColumnType> TYPES_WITH_MARKUP =
      EnumSet.of(ColumnType.STRING, ColumnType.JSON);

  private static final Map<String, Mode> MODES = byName(Mode.values(), Mode::name);
  private static final Map<String, Lexical> LEXICALS = byName(Lexical.values(), Lexical::xsdName);

  private static final Set<ColumnType> TYPES_WITH_LENGTH =
      EnumSet.of(ColumnType.STRING, ColumnType.BYTES);
  private static final Set<ColumnType> TYPES_WITH_PRECISION =
      EnumSet.of(ColumnType.NUMERIC, ColumnType.BIGNUMERIC);

  private final SourceParser sources;
  private final ConversionReader conversions;
  private final @Nullable List<Path> records;
  private final boolean hasLimits;
  private int columns;

  /**
   * @param records of the table, or null if they couldn't be read
   * @param hasLimits whether BigQuery's limits for columns and their levels hold
   */
  FieldReader(
      SourceParser sources,
      ConversionReader conversions,
      @Nullable List<Path> records,
      boolean hasLimits) {
    this.hasLimits = hasLimits;
    this.sources = sources;
    this.conversions = conversions;
    this.records = records;
  }

  /** Reads the columns of a table; once only. */
  List<Field> read(DocumentObject table) {
    List<Field> fields = read(table, 0);
    if (hasRest(fields) && fields.stream().noneMatch(field -> field.source().isRest())) {
      table.problem(
          "fields",
          "has a RECORD with a row:rest(): the table needs one, too, for what is left elsewhere");
    }
    if (hasLimits && columns > MOST_COLUMNS) {
      table.problem(
          "fields",
          "has " + columns + " columns; BigQuery takes " + MOST_COLUMNS + ": leave some out");
    }
    return fields;
  }

  private static boolean hasRest(List<Field> fields) {
    return fields.stream().anyMatch(f -> f.source().isRest() || hasRest(f.fields()));
  }

  private List<Field> read(DocumentObject holder, int recordLevel) {
    List<Field> fields = new ArrayList<>();
    Map<String, String> names = new HashMap<>();
    for (DocumentObject object : holder.requiredObjects("fields")) {
      Field field = field(object, recordLevel, names);
      if (field != null) {
        if (field.source().isRest() && fields.stream().anyMatch(f -> f.source().isRest())) {
          object.problem("source", "is row:rest() a second time: one column takes all of it");
        }
        fields.add(field);
      }
    }
    return fields;
  }

  private @Nullable Field field(DocumentObject field, int recordLevel, Map<String, String> names) {
    columns++;
    field.checkKeys(KEYS);
    String name = name(field, names);
    ColumnType type = type(field);
    Mode mode = field.choice("mode", MODES, Mode.NULLABLE);
    Source source = as(field, source(field, name));
    Lexical lexical = field.choice("lexical", LEXICALS, null);
    String description = field.boundedText("description", MAX_DESCRIPTION_LENGTH);
    Long maxLength = field.wholeNumber("maxLength");
    Long precision = field.wholeNumber("precision");
    Long scale = field.wholeNumber("scale");
    Conversion conversion = conversions.read(field, type, mode, lexical);
    ObjectNode bigQuery = BigQueryKeys.ofField(field, type);
    List<Field> nested = nested(field, type, recordLevel);
    if (type != null) {
      checkKeysOfType(field, type);
      checkMaxLength(field, maxLength);
      checkPrecision(field, type, precision, scale);
    }
    if (type == ColumnType.JSON && source != null && !takesJson(source)) {
      field.problem(
          "type",
          "JSON is made of elements: add \"as\": \"json\", or take STRING and convert in BigQuery");
    }
    if (type != null && source != null && checkSource(field, source, type, mode)) {
      checkExpressions(field, source, type, mode, recordLevel);
    }
    if (name == null || type == null || mode == null || source == null) {
      return null;
    }
    Field read =
        new Field(
            name,
            type,
            mode,
            source,
            lexical,
            description,
            maxLength,
            precision == null ? null : precision.intValue(),
            scale == null ? null : scale.intValue(),
            conversion,
            bigQuery.toString(),
            nested);
    ConversionReader.checkDefault(field, read);
    return read;
  }

  private static @Nullable String name(DocumentObject field, Map<String, String> names) {
    String name = field.requiredText("name");
    if (name == null) {
      return null;
    }
    if (!COLUMN_NAME.matcher(name).matches()) {
      field.problem(
          "name",
          DocumentObject.quote(name)
              + " is no column name: use letters, digits and underscores, not a digit at the start,"
              + " at most 300; give the XML name in \"source\"");
      return null;
    }
    String upperCase = name.toUpperCase(Locale.ROOT);
    for (String prefix : RESERVED_PREFIXES) {
      if (upperCase.startsWith(prefix)) {
        field.problem(
            "name", "BigQuery reserves names that start with " + prefix + ": choose another");
      }
    }
    if (name.equalsIgnoreCase(LineageColumn.NAME)) {
      field.problem(
          "name",
          DocumentObject.quote(LineageColumn.NAME)
              + " is the column that --lineage adds: choose another");
    }
    field.checkUnique("name", name, names);
    return name;
  }

  private static @Nullable ColumnType type(DocumentObject field) {
    String type = field.requiredText("type");
    if (type == null) {
      return null;
    }
    if (UNSUPPORTED_TYPES.contains(type.toUpperCase(Locale.ROOT))) {
      field.problem(
          "type", type + " isn't supported: use STRING, and convert the value in BigQuery");
      return null;
    }
    return field.choice("type", ColumnType.names(), null);
  }

  private @Nullable Source source(DocumentObject field, @Nullable String name) {
    List<String> paths = field.oneOrMoreTexts("source");
    if (paths.isEmpty()) {
      return name == null || field.has("source") ? null : sources.defaultSource(name);
    }
    List<Expression> choices = new ArrayList<>();
    for (String path : paths) {
      try {
        choices.add(sources.parseExpression(path));
      } catch (SourceParser.InvalidPathSyntaxException e) {
        field.problem("source", e.getMessage());
      }
    }
    return choices.size() < paths.size() ? null : Source.of(choices, String.join(", ", paths));
  }

  /** The source in the form that the field wants its elements in. */
  private static @Nullable Source as(DocumentObject field, @Nullable Source source) {
    Path.Take take = field.choice("as", FORMS, Path.Take.ELEMENT);
    if (source == null || take == null || take == Path.Take.ELEMENT) {
      return source;
    }
    Source taking = source.taking(take);
    if (taking == null) {
      field.problem(
          "as", "needs elements, and " + DocumentObject.quote(source.toString()) + " has others");
    }
    return taking;
  }

  /** Whether what it gives is JSON: a text of a document might not be. */
  private static boolean takesJson(Source source) {
    return source.isRest()
        || source.expressions().stream()
            .allMatch(
                expression ->
                    expression instanceof Expression.Nodes nodes
                        && nodes.paths().stream().allMatch(p -> p.take() == Path.Take.JSON));
  }

  /** What holds for sources of every form. */
  private void checkExpressions(
      DocumentObject field, Source source, ColumnType type, @Nullable Mode mode, int recordLevel) {
    for (Expression expression : source.expressions()) {
      String problem =
          source.expressions().size() > 1 && Source.of(List.of(expression), "").isRest()
              ? "has row:rest() among others: it stands alone"
              : problem(expression, type, mode, recordLevel);
      if (problem != null) {
        field.problem("source", DocumentObject.quote(source.toString()) + " " + problem);
      }
    }
  }

  private @Nullable String problem(
      Expression expression, ColumnType type, @Nullable Mode mode, int recordLevel) {
    boolean record = type == ColumnType.RECORD;
    if (expression instanceof Expression.OfRow row && row.value() == Expression.RowValue.REST) {
      return problemOfRest(type, mode);
    }
    if (!(expression instanceof Expression.Nodes) && (record || recordLevel > 0)) {
      return record
          ? "a RECORD needs an element"
          : "stands for the row: put the column beside the RECORD";
    }
    if (expression instanceof Expression.OfRow ofRow) {
      return problem(ofRow.of(), mode);
    }
    for (Path path :
        (Iterable<Path>) expression.nodes().flatMap(n -> n.paths().stream())::iterator) {
      String problem = problem(path, mode);
      if (problem != null) {
        return problem;
      }
      if (!path.anchor().isSelf() && (record || recordLevel > 0)) {
        return "leads out of the RECORD's element: put the column beside the RECORD";
      }
      if (record && path.take() != Path.Take.ELEMENT) {
        return "is no element: a RECORD needs one";
      }
      if (path.take() == Path.Take.WHOLE_TEXT && type != ColumnType.STRING) {
        return "is text with elements in it: only a STRING takes it";
      }
    }
    return null;
  }

  private static @Nullable String problemOfRest(ColumnType type, @Nullable Mode mode) {
    if (!TYPES_WITH_MARKUP.contains(type)) {
      return "is JSON: the type is JSON, or STRING";
    }
    return mode == Mode.NULLABLE || mode == null
        ? null
        : "is one value, or none where nothing is left: the mode is NULLABLE";
  }

  private @Nullable String problem(Path path, @Nullable Mode mode) {
    if (!path.anchor().isSelf() && !path.isKnownAtStart()) {
      return "outside of the row elements are chosen by their attributes only";
    }
    if (path.anchor().from() == Path.From.ROOT && mode == Mode.REPEATED) {
      return "is of the whole document: all of its values in every row are too many";
    }
    return problem(path.anchor(), mode);
  }

  private @Nullable String problem(Path.Anchor anchor, @Nullable Mode mode) {
    if (records == null) {
      return null;
    }
    boolean nests = records.stream().anyMatch(Path::mayNest);
    if (anchor.from() == Path.From.PARENT
        && !nests
        && records.stream().anyMatch(path -> path.steps().size() <= anchor.up())) {
      return "leads above the root element: remove a \"..\"";
    }
    if (anchor.from() == Path.From.ANCESTOR
        && !anchor.nearest()
        && mode != Mode.REPEATED
        && nests) {
      return "may be several elements, the outermost first: write ancestor::%s[1], the nearest"
          .formatted(anchor.name());
    }
    return null;
  }

  private static boolean checkSource(
      DocumentObject field, Source source, ColumnType type, @Nullable Mode mode) {
    if (!source.isPlain()) {
      return true;
    }
    if (type == ColumnType.RECORD && (source.attribute() != null || source.wholeText())) {
      field.problem(
          "source", DocumentObject.quote(source.toString()) + " is no element: a RECORD needs one");
      return false;
    }
    if (mode == Mode.REPEATED && source.elements().isEmpty() && !field.has("split")) {
      field.problem(
          "mode",
          DocumentObject.quote(source.toString())
              + " occurs at most once: use NULLABLE or REQUIRED");
    }
    return true;
  }

  private List<Field> nested(DocumentObject field, @Nullable ColumnType type, int recordLevel) {
    boolean mistypedRecord = type == null && field.has("fields");
    if (type != ColumnType.RECORD && !mistypedRecord) {
      return List.of();
    }
    if (hasLimits && recordLevel == MOST_RECORD_LEVELS) {
      field.problem(
          "BigQuery nests RECORDs at most " + MOST_RECORD_LEVELS + " deep: flatten some of them");
      return List.of();
    }
    return read(field, recordLevel + 1);
  }

  private static void checkKeysOfType(DocumentObject field, ColumnType type) {
    field.checkKeyOfType("as", type, TYPES_WITH_MARKUP);
    field.checkKeyOfType("lexical", type, EnumSet.of(ColumnType.STRING));
    field.checkKeyOfType("maxLength", type, TYPES_WITH_LENGTH);
    field.checkKeyOfType("precision", type, TYPES_WITH_PRECISION);
    field.checkKeyOfType("scale", type, TYPES_WITH_PRECISION);
    field.checkKeyOfType("fields", type, EnumSet.of(ColumnType.RECORD));
  }

  private static void checkMaxLength(DocumentObject field, @Nullable Long maxLength) {
    if (maxLength != null && maxLength < 1) {
      field.problem("maxLength", "must be 1 or more");
    }
  }

  private static void checkPrecision(
      DocumentObject field, ColumnType type, @Nullable Long precision, @Nullable Long scale) {
    if (!TYPES_WITH_PRECISION.contains(type)) {
      return;
    }
    int mostScale =
        type == ColumnType.NUMERIC ? ColumnType.NUMERIC_SCALE : ColumnType.BIGNUMERIC_SCALE;
    int mostIntegerDigits = type == ColumnType.NUMERIC ? 29 : 38;
    if (scale != null && (scale < 0 || scale > mostScale)) {
      field.problem("scale", "must be from 0 to " + mostScale + " for " + type);
      return;
    }
    if (scale != null && !field.has("precision")) {
      field.problem("scale", "needs a \"precision\": add one");
    }
    long digitsAfterPoint = scale == null ? 0 : scale;
    long least = Math.max(1, digitsAfterPoint);
    long most = digitsAfterPoint + mostIntegerDigits;
    if (precision != null && (precision < least || precision > most)) {
      field.problem(
          "precision",
          "must be from %d to %d for %s with scale %d"
              .formatted(least, most, type, digitsAfterPoint));
    }
  }

  private static <T> Map<String, T> byName(T[] values, Function<T, String> name) {
    return Arrays.stream(values)
        .collect(toMap(name, value -> value, (a, b) -> a, LinkedHashMap::new));
  }
}
