package io.xmltobigquery.propose;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingException;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.mapping.XmlName;
import io.xmltobigquery.profile.AttributeProfile;
import io.xmltobigquery.profile.Declaration;
import io.xmltobigquery.profile.ElementProfile;
import io.xmltobigquery.profile.PathNames;
import io.xmltobigquery.profile.Profile;
import io.xmltobigquery.propose.Decision.Sign;
import io.xmltobigquery.values.ColumnType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import org.jspecify.annotations.Nullable;

/**
 * A mapping made of what samples have: each record element a table, each element with attributes or
 * children a RECORD, and what repeats REPEATED. It takes all samples that the profile counts.
 *
 * @param mapping the mapping document
 * @param decisions one for each column and for each path that is no column, in the order of the
 *     mapping, and what is outside of records at its end
 */
public record Proposal(ObjectNode mapping, List<Decision> decisions) {

  /** BigQuery's limit: "Nested and repeated columns", maximum nested depth. */
  private static final int MOST_RECORD_LEVELS = 15;

  private static final String TOO_DEEP =
      "BigQuery nests RECORDs at most " + MOST_RECORD_LEVELS + " deep";

  /** BigQuery: "Quotas and limits", maximum length of a column description, in characters. */
  private static final int LONGEST_DESCRIPTION = 1_024;

  /** BigQuery's limit: "Quotas and limits", columns in a table. */
  private static final int MOST_COLUMNS = 10_000;

  private static final String REST = "_rest";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  public Proposal {
    decisions = List.copyOf(decisions);
  }

  /** Nothing can be proposed; the message says why and what to do. */
  public static final class NoProposalException extends Exception {
    private static final long serialVersionUID = 1L;

    public NoProposalException(String message) {
      super(message);
    }
  }

  /** By their namespaces: what every mapping knows. */
  private static final Map<String, String> KNOWN_PREFIXES =
      Map.of(XMLConstants.XML_NS_URI, "xml", XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI, "xsi");

  /** Those that mean something in a mapping, whatever they stand for in a document. */
  private static final Set<String> TAKEN_PREFIXES = Set.of("xml", "xsi", "row");

  /**
   * Makes one. What repeats is nested, but where it is chosen to be a row of its own inside of
   * another one: {@link RecordChoice}.
   *
   * @param records paths of the record elements as {@code explore} shows them; empty to choose them
   * @param onlyStrings whether every column with a value is a STRING
   */
  public static Proposal of(Profile profile, List<String> records, boolean onlyStrings)
      throws NoProposalException {
    check(profile);
    NamespaceVersions versions = NamespaceVersions.of(profile);
    if (!records.isEmpty()) {
      return nested(versions, named(profile, versions, records), path -> false, onlyStrings);
    }
    RecordChoice choice = RecordChoice.of(versions.profile());
    return choice.hasKeys()
        ? KeyTables.of(versions, any -> choice.records(), choice::isTable, onlyStrings)
        : nested(versions, choice.records(), path -> false, onlyStrings);
  }

  /**
   * Makes one to look into for what a mapping lacks: of namespaces as they are, without keys.
   *
   * @param records and the others are those of {@link #of}
   */
  public static Proposal withoutKeys(Profile profile, List<String> records, boolean onlyStrings)
      throws NoProposalException {
    check(profile);
    NamespaceVersions each = new NamespaceVersions(profile, Map.of());
    return nested(
        each,
        records.isEmpty() ? RecordChoice.withoutKeys(profile) : named(profile, each, records),
        path -> false,
        onlyStrings);
  }

  /**
   * Makes one with a table for each RECORD that repeats, and one for each element that recurs
   * inside of itself: parents and children are joined by keys.
   *
   * @param records and the others are those of {@link #of}
   * @throws NoProposalException as {@link #of} and {@link #read} do
   */
  public static Proposal withKeys(Profile profile, List<String> records, boolean onlyStrings)
      throws NoProposalException {
    check(profile);
    NamespaceVersions versions = NamespaceVersions.of(profile);
    return KeyTables.of(
        versions,
        one -> records.isEmpty() ? RecordChoice.of(one).records() : named(one, versions, records),
        path -> true,
        onlyStrings);
  }

  private static void check(Profile profile) throws NoProposalException {
    if (profile.roots().isEmpty()) {
      throw new NoProposalException("there is no good file to make a mapping of");
    }
    if (!profile.isComplete()) {
      throw new NoProposalException(
          "the files have too many different paths for a table; if names of elements differ from record to record, they are data, and have to be made values first");
    }
  }

  /**
   * Makes one in which all that repeats in a row is nested.
   *
   * @param records paths of elements that the profile has
   * @param isTable whether the elements of a path become tables of their own afterwards
   */
  static Proposal nested(
      NamespaceVersions versions,
      List<List<XmlName>> records,
      Predicate<List<XmlName>> isTable,
      boolean onlyStrings) {
    return new Builder(versions, isTable, onlyStrings).build(records);
  }

  private static List<List<XmlName>> named(
      Profile profile, NamespaceVersions versions, List<String> wanted) throws NoProposalException {
    PathNames names = PathNames.of(profile);
    List<List<XmlName>> records = new ArrayList<>();
    for (String path : wanted) {
      List<XmlName> found = find(path, names, profile.roots(), List.of());
      if (found == null) {
        throw new NoProposalException(
            "--record: no element has the path "
                + path
                + "; explore shows the paths that there are");
      }
      List<XmlName> last = found.stream().map(versions::last).toList();
      if (!records.contains(last)) {
        records.add(last);
      }
    }
    return records;
  }

  private static @Nullable List<XmlName> find(
      String wanted, PathNames names, List<ElementProfile> elements, List<XmlName> around) {
    for (ElementProfile element : elements) {
      List<XmlName> path = new ArrayList<>(around);
      path.add(element.name());
      List<XmlName> found =
          names.path(path).equals(wanted) ? path : find(wanted, names, element.children(), path);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /**
   * The mapping, as a load reads it.
   *
   * @throws NoProposalException if a table of all that the samples have breaks a rule, such as the
   *     one of how many columns it may have
   */
  public Mapping read() throws NoProposalException {
    return read(MappingReader::read);
  }

  /** The same of one whose tables are to become several. */
  Mapping readUndivided() throws NoProposalException {
    return read(MappingReader::readUndivided);
  }

  @FunctionalInterface
  private interface Reader {
    Mapping read(byte[] json) throws MappingException;
  }

  private Mapping read(Reader reader) throws NoProposalException {
    try {
      return reader.read(ProposalReport.mapping(this));
    } catch (MappingException e) {
      throw new NoProposalException(
          "what there is makes no table: "
              + e.problems().get(0)
              + "; name an element deeper inside with --record, or fewer kinds of files");
    }
  }

  /** Those that are content: not what only speaks to a schema processor. */
  static List<AttributeProfile> attributes(ElementProfile element) {
    return element.attributes().stream()
        .filter(
            attribute ->
                !attribute.name().namespace().equals(XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI)
                    || attribute.values().distinct() > 1
                    || attribute.declared() != null)
        .toList();
  }

  /**
   * An element that becomes a table's record.
   *
   * @param elements from the root to it
   */
  private record RecordPath(List<ElementProfile> elements) {

    ElementProfile element() {
      return elements.get(elements.size() - 1);
    }

    List<XmlName> path() {
      return elements.stream().map(ElementProfile::name).toList();
    }
  }

  /**
   * The same with a column more in each table, for what no other one takes: so files are accepted
   * that have what the samples don't.
   */
  public Proposal withRest() {
    ObjectNode more = mapping.deepCopy();
    List<Decision> all = new ArrayList<>(decisions);
    for (JsonNode table : more.get("tables")) {
      ArrayNode fields = (ArrayNode) table.get("fields");
      if (fields.findValues("name").size() >= MOST_COLUMNS) {
        continue;
      }
      List<String> taken = new ArrayList<>();
      fields.forEach(field -> taken.add(field.get("name").asText()));
      String name = ColumnNames.of(taken.stream()).take(REST, "");
      fields
          .addObject()
          .put("name", name)
          .put("type", ColumnType.JSON.name())
          .put("source", "row:rest()");
      String tableName = table.get("table").asText();
      String path = "";
      int last = all.size();
      for (int i = 0; i < all.size(); i++) {
        String column = all.get(i).column();
        path = column.equals(tableName) ? all.get(i).path() : path;
        last = column.equals(tableName) || column.startsWith(tableName + ".") ? i + 1 : last;
      }
      all.add(
          last,
          new Decision(
              Sign.NONE,
              path,
              tableName + "." + name,
              ColumnType.JSON.name(),
              "what no other column takes"));
    }
    return new Proposal(more, all);
  }

  /**
   * Where columns are made.
   *
   * @param elements from the root to the element
   * @param path the same, for people
   * @param columns how the columns' full names begin
   * @param levels RECORDs around
   */
  private record Level(
      List<ElementProfile> elements, String path, String columns, String namespace, int levels) {

    ElementProfile element() {
      return elements.get(elements.size() - 1);
    }

    List<XmlName> names() {
      return elements.stream().map(ElementProfile::name).toList();
    }

    /** That of an element in this one. */
    Level inside(ElementProfile child, String path, String columns) {
      return new Level(plus(elements, child), path, columns, namespace, levels);
    }
  }

  private static <T> List<T> plus(List<T> some, T more) {
    return Stream.concat(some.stream(), Stream.of(more)).toList();
  }

  private static final class Builder {
    private final Profile profile;
    private final Predicate<List<XmlName>> isTable;
    private final boolean onlyStrings;
    private final PathNames names;
    private final List<Decision> decisions = new ArrayList<>();

    /** By their prefixes, those that the mapping has to declare. */
    private final Map<String, String> namespaces = new TreeMap<>();

    /** By the one that stands for them, namespaces that are versions of each other. */
    private final Map<String, List<String>> versions;

    /** One of these, if it is that of all records. */
    private @Nullable String common;

    Builder(NamespaceVersions versions, Predicate<List<XmlName>> isTable, boolean onlyStrings) {
      this.profile = versions.profile();
      this.versions = versions.uris();
      this.isTable = isTable;
      this.onlyStrings = onlyStrings;
      this.names = PathNames.of(profile);
    }

    Proposal build(List<List<XmlName>> paths) {
      List<RecordPath> records =
          paths.stream().map(path -> new RecordPath(elements(path))).toList();
      Set<String> ofRecords =
          records.stream()
              .map(record -> record.element().name().namespace())
              .collect(Collectors.toSet());
      if (ofRecords.size() == 1 && versions.keySet().containsAll(ofRecords)) {
        common = ofRecords.iterator().next();
        namespaces.put("", common);
      }
      ObjectNode mapping = JSON.objectNode();
      ArrayNode tables = JSON.arrayNode();
      ColumnNames tableNames = new ColumnNames();
      tableNames.take("file_loads", ""); // The table of outcomes.
      for (RecordPath record : records) {
        tables.add(table(record, tableNames));
      }
      if (!namespaces.isEmpty()) {
        ObjectNode declared = mapping.putObject("namespaces");
        namespaces.forEach(
            (prefix, uri) -> {
              List<String> uris = versions.getOrDefault(uri, List.of());
              if (uris.isEmpty()) {
                declared.put(prefix, uri);
              } else {
                uris.forEach(declared.putArray(prefix)::add);
              }
            });
      }
      addOutside(records, mapping);
      mapping.set("tables", tables);
      return new Proposal(mapping, decisions);
    }

    private List<ElementProfile> elements(List<XmlName> path) {
      List<ElementProfile> elements = new ArrayList<>();
      List<ElementProfile> children = profile.roots();
      for (XmlName step : path) {
        ElementProfile found =
            children.stream().filter(child -> child.name().equals(step)).findFirst().orElseThrow();
        elements.add(found);
        children = found.children();
      }
      return elements;
    }

    private ObjectNode table(RecordPath record, ColumnNames tableNames) {
      String path = names.path(record.path());
      String local = record.element().name().local();
      String name = tableNames.takeOr(local, otherName(record.element()));
      String ofRecord = record.element().name().namespace();
      List<String> alike = versions.getOrDefault(ofRecord, List.of());
      String namespace = alike.isEmpty() || ofRecord.equals(common) ? ofRecord : "";
      long rows = record.element().count();
      boolean isRenamed = !name.equals(local);
      String note = TypeChoice.note(record.element().declared());
      decisions.add(
          new Decision(
              isRenamed || !note.isEmpty() || !alike.isEmpty() ? Sign.LOOK : Sign.NONE,
              path,
              name,
              "TABLE",
              (profile.documents() == 0
                      ? "made of the schema"
                      : (rows == 0 ? "none" : rows == 1 ? "1 row" : rows + " rows")
                          + " in the samples")
                  + (isRenamed
                      ? "; another table has the name " + local + ", or it can't be one"
                      : "")
                  + (alike.isEmpty()
                      ? ""
                      : "; in versions of a namespace: " + String.join(", ", alike))
                  + (note.isEmpty() ? "" : "; " + note)));
      ObjectNode table = JSON.objectNode();
      table.put("table", name);
      StringBuilder steps = new StringBuilder();
      record.path().forEach(step -> steps.append('/').append(step(step, namespace)));
      table.put("record", steps.toString());
      if (!namespace.isEmpty() && alike.isEmpty()) {
        table.put("namespace", namespace);
      }
      table.set("fields", fields(new Level(record.elements(), path, name, namespace, 0)));
      return table;
    }

    /** What is in a Document, say, tells it from another one. */
    private static String otherName(ElementProfile record) {
      List<ElementProfile> inside = record.children();
      return inside.size() == 1 && !inside.get(0).children().isEmpty()
          ? inside.get(0).name().local()
          : record.name().local();
    }

    /** The columns of what is in an element: its attributes, its text, its children. */
    private ArrayNode fields(Level level) {
      ElementProfile element = level.element();
      ArrayNode fields = JSON.arrayNode();
      ColumnNames columns = new ColumnNames();
      // An element's text has no columns for the elements in it.
      List<ElementProfile> children = element.isMixed() ? List.of() : element.children();
      Map<XmlName, String> childNames = new HashMap<>();
      for (ElementProfile child : children) {
        childNames.put(child.name(), columns.take(child.name().local(), "_element"));
      }
      for (AttributeProfile attribute : attributes(element)) {
        fields.add(attribute(attribute, level, columns));
      }
      if (element.hasText() || (fields.isEmpty() && children.isEmpty())) {
        fields.add(text(level, columns));
      }
      for (ElementProfile child : children) {
        String name = childNames.get(child.name());
        if (isWhole(child)) {
          fields.add(xml(child, level, name, child.declared().whole()));
        } else if (level.levels() == MOST_RECORD_LEVELS
            && !isLeaf(child)
            && !becomesTable(child, level.names())) {
          fields.add(xml(child, level, name, TOO_DEEP));
        } else {
          fields.add(child(child, level, name));
        }
      }
      return fields;
    }

    private boolean becomesTable(ElementProfile child, List<XmlName> around) {
      List<XmlName> path = plus(around, child.name());
      return (child.repeats() && isTable.test(path))
          || (isWrapper(child) && becomesTable(child.children().get(0), path));
    }

    /** The column of an element that is kept as XML. */
    private ObjectNode xml(ElementProfile child, Level level, String name, String reason) {
      decisions.add(
          new Decision(
              Sign.LOOK,
              level.path() + "/" + names.element(child.name(), level.element().name()),
              level.columns() + "." + name,
              "STRING" + (child.repeats() ? " REPEATED" : ""),
              reason + ": it is kept as XML"));
      ObjectNode field =
          field(
              name,
              ColumnType.STRING,
              child.repeats(),
              step(child.name(), level.namespace()),
              child.declared());
      field.put("as", "xml");
      return field;
    }

    private static boolean isWhole(ElementProfile element) {
      return element.declared() != null && element.declared().whole() != null;
    }

    /** What is to be said of an element that repeats in samples, though the schema forbids it. */
    private static String repetition(ElementProfile element) {
      Declaration declared = element.declared();
      return declared == null
              || declared.isMissing()
              || declared.repeats()
              || element.mostPerParent() <= 1
          ? ""
          : "repeats in the samples, and by the schema it mustn't";
    }

    /** Whether an element is one column, and no RECORD. */
    private static boolean isLeaf(ElementProfile element) {
      return attributes(element).isEmpty() && (element.children().isEmpty() || element.isMixed());
    }

    private ObjectNode attribute(AttributeProfile attribute, Level level, ColumnNames columns) {
      XmlName xmlName = attribute.name();
      String name = columns.take(xmlName.local(), "_attr");
      String label = names.attribute(xmlName);
      TypeChoice choice =
          TypeChoice.of(
              attribute.values(), attribute.declared(), xmlName.local(), false, onlyStrings);
      decide(choice, level.path() + "/" + label, level.columns() + "." + name, choice.mode(false));
      return value(name, choice, false, "@" + step(xmlName, ""), attribute.declared());
    }

    /** An element's own text, beside columns of its attributes. */
    private ObjectNode text(Level level, ColumnNames columns) {
      ElementProfile element = level.element();
      String name = columns.take("value", "_text");
      String column = level.columns() + "." + name;
      if (element.isMixed()) {
        return markup(
            name,
            ".",
            false,
            element.declared(),
            new Level(level.elements(), level.path(), column, level.namespace(), level.levels()));
      }
      TypeChoice choice = choice(element, false);
      decide(choice, level.path(), column, choice.mode(false));
      return value(name, choice, false, ".", null);
    }

    private TypeChoice choice(ElementProfile element, boolean repeated) {
      return TypeChoice.of(
          element.values(), element.declared(), element.name().local(), repeated, onlyStrings);
    }

    private ObjectNode child(ElementProfile child, Level level, String name) {
      String path = level.path() + "/" + names.element(child.name(), level.element().name());
      String source = step(child.name(), level.namespace());
      if (!isWrapper(child)) {
        return column(
            name, source, level.inside(child, path, level.columns() + "." + name), child.repeats());
      }
      ElementProfile inner = child.children().get(0);
      String innerPath = path + "/" + names.element(inner.name(), child.name());
      return column(
          name,
          source + "/" + step(inner.name(), level.namespace()),
          level
              .inside(child, path, level.columns() + "." + name)
              .inside(inner, innerPath, level.columns() + "." + name),
          true);
    }

    /** Whether an element is there only to hold what repeats in it. */
    private static boolean isWrapper(ElementProfile element) {
      return !element.repeats()
          && attributes(element).isEmpty()
          && !element.hasText()
          && element.children().size() == 1
          && element.children().get(0).repeats()
          && !isWhole(element.children().get(0))
          && (element.declared() == null || element.declared().members() <= 1);
    }

    private ObjectNode column(String name, String source, Level level, boolean repeated) {
      ElementProfile element = level.element();
      Declaration declared = element.declared();
      if (isLeaf(element) && element.isMixed()) {
        return markup(name, source, repeated, declared, level);
      }
      if (isLeaf(element)) {
        TypeChoice choice = choice(element, repeated).noting(repetition(element));
        decide(choice, level.path(), level.columns(), choice.mode(repeated));
        return value(name, choice, repeated, source, declared);
      }
      String repetition = repetition(element);
      String reason = repetition.isEmpty() ? TypeChoice.note(declared) : repetition;
      decisions.add(
          new Decision(
              reason.isEmpty() ? Sign.NONE : Sign.LOOK,
              level.path(),
              level.columns(),
              "RECORD" + (repeated ? " REPEATED" : ""),
              reason));
      ObjectNode field = field(name, ColumnType.RECORD, repeated, source, declared);
      int levels = repeated && isTable.test(level.names()) ? 0 : level.levels() + 1;
      field.set(
          "fields",
          fields(
              new Level(
                  level.elements(), level.path(), level.columns(), level.namespace(), levels)));
      return field;
    }

    private void decide(TypeChoice choice, String path, String column, String mode) {
      decisions.add(
          new Decision(choice.sign(), path, column, choice.type() + mode, choice.reason()));
    }

    /**
     * The column of an element that has text and elements. What the schema has for both is kept as
     * XML, since there is markup in it by design.
     */
    private ObjectNode markup(
        String name, String source, boolean repeated, @Nullable Declaration declared, Level level) {
      boolean isXml = declared != null && declared.mixed();
      decisions.add(
          new Decision(
              isXml ? Sign.LOOK : Sign.LOSS,
              level.path(),
              level.columns(),
              "STRING" + (repeated ? " REPEATED" : ""),
              isXml
                  ? "may have text and elements: what is in it is kept as XML"
                  : "has text and elements: the text is kept, and the markup isn't"));
      ObjectNode field =
          field(
              name,
              ColumnType.STRING,
              repeated,
              isXml ? source : "string(" + source + ")",
              declared);
      if (isXml) {
        field.put("as", "inner-xml");
      }
      return field;
    }

    private static ObjectNode value(
        String name,
        TypeChoice choice,
        boolean repeated,
        String source,
        @Nullable Declaration declared) {
      ObjectNode field = field(name, choice.type(), repeated || choice.isList(), source, declared);
      if (choice.isList()) {
        field.put("split", " ");
      }
      return field;
    }

    private static ObjectNode field(
        String name,
        ColumnType type,
        boolean repeated,
        String source,
        @Nullable Declaration declared) {
      ObjectNode field = JSON.objectNode();
      field.put("name", name);
      field.put("type", type.name());
      if (repeated) {
        field.put("mode", "REPEATED");
      }
      field.put("source", source);
      String description = description(declared);
      if (!description.isEmpty()) {
        field.put("description", description);
      }
      return field;
    }

    /** What the schema says in words, and the values that it enumerates. */
    private static String description(@Nullable Declaration declared) {
      if (declared == null) {
        return "";
      }
      List<String> choices = declared.value() == null ? List.of() : declared.value().choices();
      String text =
          choices.isEmpty()
              ? declared.documentation()
              : (declared.documentation() + " One of: " + String.join(", ", choices)).strip();
      if (text.length() <= LONGEST_DESCRIPTION) {
        return text;
      }
      int end = LONGEST_DESCRIPTION - 1;
      return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end)
          + "…";
    }

    /**
     * A name in a path.
     *
     * @param namespace that of names without a prefix
     */
    private String step(XmlName name, String namespace) {
      if (name.namespace().equals(namespace)) {
        return name.local();
      }
      String known = KNOWN_PREFIXES.get(name.namespace());
      if (known != null) {
        return known + ":" + name.local();
      }
      String prefix = names.prefix(name.namespace());
      if (TAKEN_PREFIXES.contains(prefix) && versions.containsKey(name.namespace())) {
        prefix += "_";
      }
      if (prefix.isEmpty() || TAKEN_PREFIXES.contains(prefix)) {
        return "{" + name.namespace() + "}" + name.local();
      }
      namespaces.put(prefix, name.namespace());
      return prefix + ":" + name.local();
    }

    /** Tells what is around records, which no table takes, and lets a load skip it. */
    private void addOutside(List<RecordPath> records, ObjectNode mapping) {
      Set<List<XmlName>> paths = new HashSet<>();
      records.forEach(record -> paths.add(record.path()));
      boolean skips = false;
      for (ElementProfile root : profile.roots()) {
        skips |= addOutside(root, List.of(), "", paths);
      }
      if (skips) {
        mapping.put("outside", "ignore");
      }
      if (mayHaveNoSection(records)) {
        mapping.put("emptyDocument", "accept");
        decisions.add(
            new Decision(
                Sign.LOOK, "/", "", "", "files without any of the records are accepted, too"));
      }
    }

    /** Returns whether there are elements or texts that are to be skipped. */
    private boolean addOutside(
        ElementProfile element, List<XmlName> around, String above, Set<List<XmlName>> records) {
      List<XmlName> path = new ArrayList<>(around);
      path.add(element.name());
      if (records.contains(path)) {
        return false;
      }
      String shown =
          above
              + "/"
              + names.element(
                  element.name(), around.isEmpty() ? null : around.get(around.size() - 1));
      for (AttributeProfile attribute : attributes(element)) {
        addLoss(shown + "/" + names.attribute(attribute.name()), attribute.count());
      }
      boolean holdsRecords =
          records.stream()
              .anyMatch(
                  record ->
                      record.size() > path.size() && record.subList(0, path.size()).equals(path));
      boolean skips = !holdsRecords;
      if (element.hasText()) {
        addLoss(shown, element.text() + element.mixed());
        skips = true;
      }
      for (ElementProfile child : element.children()) {
        skips |= addOutside(child, path, shown, records);
      }
      return skips;
    }

    private void addLoss(String path, long values) {
      decisions.add(
          new Decision(
              Sign.LOSS,
              path,
              "",
              "",
              "is outside of records, and not loaded"
                  + (values == 0 ? "" : values == 1 ? ": 1 value" : ": " + values + " values")));
    }

    /** Whether a document may have none of the elements that records stand in. */
    private boolean mayHaveNoSection(List<RecordPath> records) {
      for (ElementProfile root : profile.roots()) {
        boolean always =
            records.stream()
                .filter(record -> record.path().get(0).equals(root.name()))
                .anyMatch(record -> isAlwaysThere(root, record.path()));
        if (!always) {
          return true;
        }
      }
      return false;
    }

    /** Whether each document of the root has the element that is around the records. */
    private static boolean isAlwaysThere(ElementProfile root, List<XmlName> record) {
      ElementProfile section = root;
      for (XmlName step : record.subList(1, Math.max(1, record.size() - 1))) {
        section =
            section.children().stream()
                .filter(child -> child.name().equals(step))
                .findFirst()
                .orElseThrow();
        if (section.declared() != null && section.declared().optional()) {
          return false;
        }
      }
      return section.files() == root.files();
    }
  }
}
