package io.xmltobigquery.propose;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.mapping.Field;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingException;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.mapping.Mode;
import io.xmltobigquery.mapping.Namespaces;
import io.xmltobigquery.mapping.Path;
import io.xmltobigquery.mapping.TableMapping;
import io.xmltobigquery.mapping.XmlName;
import io.xmltobigquery.profile.AttributeProfile;
import io.xmltobigquery.profile.ElementProfile;
import io.xmltobigquery.profile.PathNames;
import io.xmltobigquery.profile.Profile;
import io.xmltobigquery.profile.ValueKind;
import io.xmltobigquery.profile.ValueProfile;
import io.xmltobigquery.propose.Decision.Sign;
import io.xmltobigquery.propose.Proposal.NoProposalException;
import io.xmltobigquery.trial.Trial;
import io.xmltobigquery.values.ColumnType;
import io.xmltobigquery.xml.Limits;
import io.xmltobigquery.xml.RejectionReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a mapping needs besides, so that it takes samples. It only adds columns and tables, and
 * makes types wider: whatever somebody wrote stays, letter by letter.
 *
 * @param mapping the whole document with the additions
 * @param decisions one for each addition, and for what can't be added
 * @param statements what has to be done to BigQuery's tables
 * @param trial what a load would make of the samples then
 */
public record Additions(
    String mapping, List<Decision> decisions, List<String> statements, Trial trial) {

  public Additions {
    decisions = List.copyOf(decisions);
    statements = List.copyOf(statements);
  }

  /** Makes a proposal of the samples that has nothing to do with the mapping. */
  @FunctionalInterface
  public interface Fresh {
    /**
     * Makes it.
     *
     * @param records the paths of its records; empty to choose them
     */
    Proposal propose(List<String> records) throws NoProposalException;
  }

  /**
   * Finds them.
   *
   * @param text of the mapping
   * @param old the same, as it was read
   * @param profile of the samples
   * @param samples that are good
   * @throws NoProposalException if with them the mapping would break a rule, such as the one of how
   *     many columns a table may have
   * @throws IOException if a sample can't be read
   */
  public static Additions of(
      String text,
      Mapping old,
      Profile profile,
      Fresh fresh,
      List<FileVersion> samples,
      FileStore store)
      throws NoProposalException, IOException {
    Trial.Settings settings =
        new Trial.Settings(new Limits(Limits.DEFAULT_MAX_RECORD_BYTES), false, false, false);
    Map<String, Integer> tooNarrow = new HashMap<>();
    while (true) {
      Finder finder = new Finder(text, old, profile, fresh, tooNarrow);
      String mapping = finder.find();
      Trial trial = Trial.of(read(mapping), samples, store, settings);
      // What a column takes, only a load knows; and of each record it tells one fault.
      Set<String> invalid = new HashSet<>(invalidColumns(trial));
      invalid.retainAll(finder.widenable);
      if (invalid.isEmpty()) {
        return new Additions(mapping, finder.decisions, finder.statements(), trial);
      }
      invalid.forEach(column -> tooNarrow.merge(column, 1, Integer::sum));
    }
  }

  /** The mapping with the additions, as a load reads it. */
  public Mapping read() throws NoProposalException {
    return read(mapping);
  }

  private static Mapping read(String mapping) throws NoProposalException {
    try {
      return MappingReader.read(mapping.getBytes(StandardCharsets.UTF_8));
    } catch (MappingException e) {
      throw new NoProposalException(
          "with all that the samples have, the mapping breaks a rule: " + e.problems().get(0));
    }
  }

  /** The columns, with their tables, that values didn't fit: messages begin with them. */
  private static Set<String> invalidColumns(Trial trial) {
    return trial.complaints().stream()
        .filter(complaint -> complaint.reason() == RejectionReason.INVALID_VALUE)
        .map(complaint -> complaint.table() + "." + complaint.message().split(" ", 2)[0])
        .collect(Collectors.toSet());
  }

  /**
   * Columns of a table or a RECORD.
   *
   * @param pointer of their array in the document
   * @param path of their element from the root
   * @param columns how their full names begin, with a dot at the end; empty for a table
   * @param inText whether a column further out takes all text, so that no element is unknown
   * @param inXml whether a column further out takes all as XML
   */
  private record Level(
      int table,
      String pointer,
      List<Field> fields,
      List<XmlName> path,
      String columns,
      boolean inText,
      boolean inXml) {

    boolean knows(Predicate<Known> condition) {
      return fields.stream().flatMap(field -> Known.of(field).stream()).anyMatch(condition);
    }

    /** Whether an element is part of a value, and needs no column. */
    boolean isPartOfValue(List<XmlName> steps) {
      if (inXml || knows(known -> known.takesAsXml(steps))) {
        return true;
      }
      for (int i = 1; i <= steps.size(); i++) {
        List<XmlName> way = steps.subList(0, i);
        // A load takes the first unknown one for markup, with all that is in it.
        if (!knows(known -> known.passes(way))) {
          return inText || knows(known -> known.takesTextAround(way));
        }
      }
      return false;
    }
  }

  private static final class Finder {
    private final Mapping old;
    private final Profile profile;
    private final PathNames names;
    private final Fresh fresh;
    private final EditedText text;
    private final boolean declaresNamespace;
    private final List<Decision> decisions = new ArrayList<>();
    private final List<AlterTable> alterations = new ArrayList<>();

    /** What is added to each array of columns. */
    private final Map<String, List<ObjectNode>> added = new LinkedHashMap<>();

    private final Map<String, ColumnNames> columnNames = new LinkedHashMap<>();

    /** How many types wider columns have to be, by their names with those of their tables. */
    private final Map<String, Integer> tooNarrow;

    /** Those that can be wider still. */
    private final Set<String> widenable = new HashSet<>();

    private final Set<String> widened = new HashSet<>();

    Finder(String text, Mapping old, Profile profile, Fresh fresh, Map<String, Integer> tooNarrow) {
      this.tooNarrow = tooNarrow;
      this.old = old;
      this.profile = profile;
      this.names = PathNames.of(profile);
      this.fresh = fresh;
      this.text = new EditedText(text);
      this.declaresNamespace = this.text.has("/namespaces/");
    }

    List<String> statements() {
      return alterations.stream().flatMap(table -> table.statements().stream()).toList();
    }

    /** Returns the mapping with what was found. */
    String find() throws NoProposalException {
      for (int i = 0; i < old.tables().size(); i++) {
        TableMapping table = old.tables().get(i);
        alterations.add(new AlterTable(table.table()));
        for (List<XmlName> record : recordsOf(table)) {
          Proposal proposal = fresh.propose(List.of(names.path(record)));
          Level level =
              new Level(i, "/tables/" + i + "/fields", table.fields(), record, "", false, false);
          List<ProposedColumn> columns =
              ProposedColumn.of(
                  proposal.read().tables().get(0).fields(),
                  proposal.mapping().get("tables").get(0).get("fields"));
          placeAll(columns, level, List.of(), false);
        }
      }
      addTables();
      added.forEach(text::append);
      return text.toString();
    }

    /** The elements of the samples that are a table's records. */
    private List<List<XmlName>> recordsOf(TableMapping table) {
      List<List<XmlName>> found = new ArrayList<>();
      List<Known> records = table.records().stream().map(Known::of).toList();
      for (ElementProfile root : profile.roots()) {
        addRecords(root, List.of(), records, found);
      }
      return found;
    }

    private static void addRecords(
        ElementProfile element,
        List<XmlName> around,
        List<Known> records,
        List<List<XmlName>> found) {
      List<XmlName> path = with(around, List.of(element.name()));
      if (records.stream().anyMatch(record -> record.leadsTo(path))) {
        found.add(path);
      }
      element.children().forEach(child -> addRecords(child, path, records, found));
    }

    private void placeAll(
        List<ProposedColumn> columns, Level level, List<XmlName> prefix, boolean repeated) {
      for (ProposedColumn column : columns) {
        List<XmlName> steps = column.steps();
        if (steps != null) {
          place(column, level, with(prefix, steps), repeated || column.isRepeated());
        }
      }
    }

    /**
     * Finds what the mapping has for a column, or adds it.
     *
     * @param steps from the level's element to the column's
     * @param repeats whether there may be more than one of it
     */
    private void place(ProposedColumn column, Level level, List<XmlName> steps, boolean repeats) {
      if (isRecordOfTable(level, steps)) {
        return;
      }
      boolean isRecord = column.isRecord();
      for (int i = 0; i < level.fields().size(); i++) {
        Field holder = level.fields().get(i);
        if (holder.type() != ColumnType.RECORD) {
          continue;
        }
        for (int length = steps.size(); length >= 0; length--) {
          List<XmlName> way = steps.subList(0, length);
          if (leadsTo(holder, way)) {
            Level inside = inside(level, i, way);
            if (length < steps.size() || length == 0) {
              place(column, inside, steps.subList(length, steps.size()), repeats);
              return;
            }
            compareRepetition(holder, column, level, steps, repeats);
            if (isRecord) {
              placeAll(column.inner(), inside, List.of(), false);
            } else if (column.attribute() != null || element(inside.path()).hasText()) {
              place(column, inside, List.of(), false);
            }
            return;
          }
        }
      }
      XmlName attribute = column.attribute();
      if (!isRecord) {
        for (Field known : level.fields()) {
          if (takes(known, steps, attribute)) {
            compare(known, column, level, steps, repeats);
            return;
          }
        }
      }
      if (level.isPartOfValue(steps)) {
        return;
      }
      if (isRecord && isKnown(level, steps)) {
        // One that has no text in these samples has a value all the same: an empty one.
        level.fields().stream()
            .filter(known -> takes(known, steps, null))
            .forEach(known -> compareRepetition(known, column, level, steps, repeats));
        placeAll(column.inner(), level, steps, repeats);
        return;
      }
      add(column, level, steps, repeats);
    }

    private static Level inside(Level level, int field, List<XmlName> way) {
      Field holder = level.fields().get(field);
      return new Level(
          level.table(),
          level.pointer() + "/" + field + "/fields",
          holder.fields(),
          with(level.path(), way),
          level.columns() + holder.name() + ".",
          level.inText() || level.knows(known -> known.takesTextAround(way)),
          level.inXml() || level.knows(known -> known.takesAsXml(way)));
    }

    /** Whether the elements on the way, or the last one, are rows of the mapping. */
    private boolean isRecordOfTable(Level level, List<XmlName> steps) {
      for (int i = 1; i <= steps.size(); i++) {
        List<XmlName> path = with(level.path(), steps.subList(0, i));
        for (TableMapping table : old.tables()) {
          if (table.records().stream().anyMatch(record -> Known.of(record).leadsTo(path))) {
            return true;
          }
        }
      }
      return false;
    }

    private static boolean leadsTo(Field record, List<XmlName> steps) {
      return Known.of(record).stream()
          .anyMatch(known -> known.take() == Path.Take.ELEMENT && known.leadsTo(steps));
    }

    private static boolean takes(Field field, List<XmlName> steps, @Nullable XmlName attribute) {
      return Known.of(field).stream().anyMatch(known -> known.takes(steps, attribute));
    }

    /** Whether an element is on the way to something that the mapping takes. */
    private boolean isKnown(Level level, List<XmlName> steps) {
      List<XmlName> path = with(level.path(), steps);
      return level.knows(known -> known.passes(steps))
          || old.tables().stream()
              .flatMap(table -> table.records().stream())
              .anyMatch(record -> Known.of(record).passes(path));
    }

    private void add(ProposedColumn column, Level level, List<XmlName> steps, boolean repeats) {
      TableMapping table = old.tables().get(level.table());
      if (table.ignoreUnknown()) {
        return; // Somebody wrote that it isn't wanted.
      }
      ObjectNode node = column.node().deepCopy();
      rewriteSources(column, node, steps, table.names());
      List<ObjectNode> here = added.computeIfAbsent(level.pointer(), key -> new ArrayList<>());
      if (here.stream().anyMatch(other -> other.get("source").equals(node.get("source")))) {
        return; // Records of another path of the table have it, too.
      }
      ColumnNames taken =
          columnNames.computeIfAbsent(
              level.pointer(), pointer -> ColumnNames.of(level.fields().stream().map(Field::name)));
      String name = taken.take(column.field().name(), "");
      node.put("name", name);
      if (repeats) {
        node.put("mode", "REPEATED");
      }
      here.add(inOrder(node));
      alterations
          .get(level.table())
          .add(level.columns().isEmpty() ? "" : withoutDot(level.columns()), node);
      decisions.add(
          new Decision(
              Sign.NONE,
              path(level, steps, column.attribute()),
              table.table() + "." + level.columns() + name,
              column.field().type() + (repeats ? " REPEATED" : ""),
              column.field().source().wholeText()
                  ? "new: text between elements; of those, only what the mapping has is looked at"
                  : "new"));
    }

    /** Name, type and mode before all others, as people write it. */
    private static ObjectNode inOrder(ObjectNode node) {
      ObjectNode ordered = node.objectNode();
      for (String key : List.of("name", "type", "mode")) {
        if (node.has(key)) {
          ordered.set(key, node.get(key));
        }
      }
      node.fields().forEachRemaining(member -> ordered.set(member.getKey(), member.getValue()));
      return ordered;
    }

    private static String withoutDot(String columns) {
      return columns.substring(0, columns.length() - 1);
    }

    /** Writes the sources as the mapping's own prefixes have them. */
    private static void rewriteSources(
        ProposedColumn column, ObjectNode node, List<XmlName> steps, Namespaces names) {
      StringBuilder path = new StringBuilder();
      for (XmlName step : steps) {
        path.append(path.isEmpty() ? "" : "/").append(names.name(step.namespace(), step.local()));
      }
      XmlName attribute = column.attribute();
      if (attribute != null) {
        path.append(path.isEmpty() ? "@" : "/@")
            .append(attribute.namespace().isEmpty() ? attribute.local() : attribute.toString());
      }
      String source = path.isEmpty() ? "." : path.toString();
      node.put("source", column.field().source().wholeText() ? "string(" + source + ")" : source);
      for (int i = 0; i < column.inner().size(); i++) {
        ProposedColumn inner = column.inner().get(i);
        List<XmlName> innerSteps = inner.steps();
        if (innerSteps != null) {
          rewriteSources(inner, (ObjectNode) node.get("fields").get(i), innerSteps, names);
        }
      }
    }

    /** Makes a known column wide enough, or says what else it needs. */
    private void compare(
        Field known, ProposedColumn column, Level level, List<XmlName> steps, boolean repeats) {
      compareRepetition(known, column, level, steps, repeats);
      if (column.field().source().wholeText()
          && known.source().isPlain()
          && !known.source().wholeText()
          && !old.tables().get(level.table()).ignoreUnknown()) {
        tell(
            known,
            level,
            steps,
            null,
            "has elements in its text now: write \"source\": \"string("
                + known.source()
                + ")\" to take all text, or \"as\": \"inner-xml\"");
      }
      XmlName attribute = column.attribute();
      List<ColumnType> wider =
          known.conversion() == null
              ? wider(known.type(), values(with(level.path(), steps), attribute))
              : List.of();
      String name = level.columns() + known.name();
      String inTable = old.tables().get(level.table()).table() + "." + name;
      int more = tooNarrow.getOrDefault(inTable, 0);
      if (more < wider.size()) {
        widenable.add(inTable);
      }
      // Records of several paths, or values of several, may come to the same column.
      if (more == 0 || wider.isEmpty() || !widened.add(inTable)) {
        return;
      }
      ColumnType type = wider.get(Math.min(more, wider.size()) - 1);
      int index = level.fields().indexOf(known);
      text.replace(level.pointer() + "/" + index + "/type", "\"" + type + "\"");
      alterations.get(level.table()).widen(name, known.mode(), known.type(), type);
      String reason = "was " + known.type() + ", which doesn't take all values";
      decide(known, level, steps, attribute, type, reason);
    }

    /** The types that may take all values, each wider than the one before. */
    private static List<ColumnType> wider(ColumnType type, @Nullable ValueProfile values) {
      List<ColumnType> wider = new ArrayList<>();
      boolean areNumbers =
          values != null && values.kinds().keySet().stream().allMatch(Finder::isNumber);
      boolean haveExponents = values != null && values.count(ValueKind.FLOAT) > 0;
      switch (type) {
        case INT64, NUMERIC, BIGNUMERIC -> {
          if (areNumbers && haveExponents) {
            wider.add(ColumnType.FLOAT64);
          } else if (areNumbers) {
            List<ColumnType> decimals =
                List.of(ColumnType.INT64, ColumnType.NUMERIC, ColumnType.BIGNUMERIC);
            wider.addAll(decimals.subList(decimals.indexOf(type) + 1, decimals.size()));
          }
          wider.add(ColumnType.STRING);
        }
        case FLOAT64, BOOL, DATE, DATETIME, TIME, TIMESTAMP -> wider.add(ColumnType.STRING);
        case STRING, BYTES, JSON, RECORD -> {
          // Nothing is wider; what they don't take, somebody wrote so.
        }
      }
      return wider;
    }

    private static boolean isNumber(ValueKind kind) {
      return switch (kind) {
        case EMPTY, BIT, INTEGER, CODE, DECIMAL, LONG_DECIMAL, FLOAT -> true;
        case TRUTH, DATE, TIME, DATE_TIME, ZONED_DATE_TIME, TEXT -> false;
      };
    }

    private void compareRepetition(
        Field known, ProposedColumn column, Level level, List<XmlName> steps, boolean repeats) {
      boolean picks =
          !known.source().isPlain()
              || (known.conversion() != null && known.conversion().join() != null);
      if (!repeats || known.mode() == Mode.REPEATED || picks) {
        return;
      }
      tell(
          known,
          level,
          steps,
          column.attribute(),
          "comes more than once, and no column becomes an array: add one, \"name\": \""
              + known.name()
              + "_all\", \"mode\": \"REPEATED\", of the same source"
              + (known.type() == ColumnType.RECORD
                  ? ", and drop this one in a new table"
                  : ", and let this one take \"(" + known.source() + ")[1]\""));
    }

    private void tell(
        Field known, Level level, List<XmlName> steps, @Nullable XmlName attribute, String reason) {
      decide(known, level, steps, attribute, known.type(), reason);
    }

    private void decide(
        Field known,
        Level level,
        List<XmlName> steps,
        @Nullable XmlName attribute,
        ColumnType type,
        String reason) {
      decisions.add(
          new Decision(
              Sign.LOOK,
              path(level, steps, attribute),
              old.tables().get(level.table()).table() + "." + level.columns() + known.name(),
              type + (known.mode() == Mode.REPEATED ? " REPEATED" : ""),
              reason));
    }

    private String path(Level level, List<XmlName> steps, @Nullable XmlName attribute) {
      String element = names.path(with(level.path(), steps));
      return attribute == null ? element : element + "/" + names.attribute(attribute);
    }

    private @Nullable ValueProfile values(List<XmlName> path, @Nullable XmlName attribute) {
      ElementProfile element = element(path);
      if (attribute == null) {
        return element.values();
      }
      return element.attributes().stream()
          .filter(candidate -> candidate.name().equals(attribute))
          .map(AttributeProfile::values)
          .findFirst()
          .orElse(null);
    }

    private ElementProfile element(List<XmlName> path) {
      List<ElementProfile> elements = profile.roots();
      ElementProfile found = null;
      for (XmlName name : path) {
        found =
            elements.stream()
                .filter(element -> element.name().equals(name))
                .findFirst()
                .orElseThrow();
        elements = found.children();
      }
      return Objects.requireNonNull(found);
    }

    /** Adds tables of what repeats around the mapping's own records. */
    private void addTables() throws NoProposalException {
      boolean ignores =
          old.outside() != null
              ? old.outside()
              : old.tables().stream().allMatch(TableMapping::ignoreUnknown);
      if (ignores) {
        return;
      }
      Proposal proposal = fresh.propose(List.of());
      Mapping read = proposal.read();
      ColumnNames tableNames = ColumnNames.of(old.tables().stream().map(TableMapping::table));
      tableNames.take(Mapping.RESERVED_TABLE, "");
      for (int i = 0; i < read.tables().size(); i++) {
        TableMapping table = read.tables().get(i);
        if (!isApart(table.record())) {
          continue;
        }
        ObjectNode node = (ObjectNode) proposal.mapping().get("tables").get(i).deepCopy();
        String name = tableNames.take(table.table(), "");
        node.put("table", name);
        if (declaresNamespace || proposal.mapping().has("namespaces")) {
          qualify(table, node);
        }
        added.computeIfAbsent("/tables", pointer -> new ArrayList<>()).add(node);
        decisions.add(new Decision(Sign.NONE, names.path(table.record()), name, "TABLE", "new"));
      }
    }

    /** Writes out the namespaces, where bare names have another one. */
    private static void qualify(TableMapping table, ObjectNode node) {
      node.remove("namespace");
      StringBuilder record = new StringBuilder();
      Namespaces none = new Namespaces(Map.of());
      table
          .record()
          .forEach(step -> record.append('/').append(none.name(step.namespace(), step.local())));
      node.put("record", record.toString());
      List<ProposedColumn> columns = ProposedColumn.of(table.fields(), node.get("fields"));
      for (ProposedColumn column : columns) {
        List<XmlName> steps = column.steps();
        if (steps != null) {
          rewriteSources(column, column.node(), steps, none);
        }
      }
    }

    /** Whether records are neither inside of the mapping's own nor around them. */
    private boolean isApart(List<XmlName> record) {
      for (TableMapping table : old.tables()) {
        for (Path path : table.records()) {
          Known known = Known.of(path);
          for (int i = 1; i <= record.size(); i++) {
            if (known.leadsTo(record.subList(0, i))) {
              return false;
            }
          }
          if (known.passes(record)) {
            return false;
          }
        }
      }
      return true;
    }

    private static List<XmlName> with(List<XmlName> path, List<XmlName> steps) {
      List<XmlName> longer = new ArrayList<>(path);
      longer.addAll(steps);
      return List.copyOf(longer);
    }
  }
}
