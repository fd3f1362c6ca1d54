package io.xmltobigquery.xml;

import io.xmltobigquery.mapping.Expression;
import io.xmltobigquery.mapping.NameTest;
import io.xmltobigquery.mapping.Path;
import io.xmltobigquery.rows.Column;
import io.xmltobigquery.rows.ColumnPlan;
import io.xmltobigquery.rows.CompiledMapping;
import io.xmltobigquery.rows.PathMapping;
import io.xmltobigquery.rows.PathNode;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.TableColumns;
import io.xmltobigquery.rows.Taker;
import io.xmltobigquery.rows.UpScope;
import io.xmltobigquery.xml.Candidates.Candidate;
import io.xmltobigquery.xml.Candidates.Counter;
import io.xmltobigquery.xml.Levels.Collector;
import io.xmltobigquery.xml.Levels.Frame;
import io.xmltobigquery.xml.Levels.Level;
import io.xmltobigquery.xml.OpenRows.Found;
import io.xmltobigquery.xml.OpenRows.Holder;
import io.xmltobigquery.xml.OpenRows.OpenRow;
import io.xmltobigquery.xml.OpenRows.RowElement;
import io.xmltobigquery.xml.OpenRows.StepInstance;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;

/**
 * Finds rows by paths of every form: rows in rows, elements at any depth, chosen by conditions,
 * values of elements around the row.
 *
 * <p>Of each open element it knows where in the automata of {@link PathMapping} it is: one {@link
 * Frame} for the way to rows, and one for each row, RECORD, condition or element around rows whose
 * paths lead on from there. Nothing of the document is kept but values: those of open rows, up to
 * the row's limit, and those of elements around rows, up to a limit of their own. What is to be
 * chosen from waits in its row until it is known.
 */
final class PathWalk extends Walk {

  /** Characters of the values that rows want of one element around them. */
  private static final int MAX_HELD_LENGTH = 64 * 1024;

  private final PathMapping paths;
  private final String fileVersion;
  private final Levels levels = new Levels();
  private final List<Collector> collectors = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  /** How many of the collectors want XML. */
  private int markups;

  private final OpenRows rows;
  private final int[] openRowsByTable;

  /** Made once, since conditions are many. */
  private final Predicate<Path.Predicate> attributeConditions = this::hasAttribute;

  private long recordsRead;
  private long order;
  private boolean sectionSeen;

  /** The innermost row that is open. */
  private @Nullable RowElement innermost;

  /** The rows that ended with the current end tag and aren't handed out yet. */
  private final Deque<OpenRow> ended = new ArrayDeque<>();

  private @Nullable RowElement endedElement;
  private @Nullable OpenRow current;

  PathWalk(DocumentCursor cursor, CompiledMapping mapping, PathMapping paths, String fileVersion) {
    super(cursor, mapping);
    this.paths = paths;
    this.fileVersion = fileVersion;
    this.rows = new OpenRows(paths, columns);
    this.openRowsByTable = new int[paths.tables().size()];
    Level document = levels.push();
    document.add(paths.document(), null);
    openScopes(document, paths.document(), "", "");
  }

  @Override
  TableColumns table() {
    return current().row.table();
  }

  @Override
  Row row() {
    return current().row;
  }

  private OpenRow current() {
    if (current == null) {
      throw new IllegalStateException("there is no current record");
    }
    return current;
  }

  @Override
  @Nullable Fault fault() {
    return current().element.fault;
  }

  @Override
  long recordNumber() {
    return current == null ? recordsRead : current.element.number;
  }

  @Override
  long openRecord() {
    return innermost == null ? 0 : innermost.number;
  }

  @Override
  @Nullable RowsInside rowsInside() {
    RowElement element = current().element;
    return element.fault == null ? null : element.inside;
  }

  @Override
  long lostRows() {
    return current().element.lostRows;
  }

  @Override
  boolean advance() throws XMLStreamException, Fault {
    current = ended.poll();
    if (current != null) {
      return true;
    }
    leaveEnded();
    while (true) {
      switch (cursor.next()) {
        case XMLStreamConstants.START_ELEMENT -> start();
        case XMLStreamConstants.END_ELEMENT -> {
          end();
          current = ended.poll();
          if (current != null) {
            return true;
          }
          leaveEnded();
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text();
        case XMLStreamConstants.DTD -> readDefaults();
        case XMLStreamConstants.END_DOCUMENT -> {
          if (!sectionSeen) {
            throw noSection();
          }
          return false;
        }
        default -> {
          // Comments and processing instructions mean nothing.
        }
      }
    }
  }

  private void start() throws XMLStreamException, Fault {
    rootSeen();
    Level parent = levels.top();
    String namespace = orEmpty(xml.getNamespaceURI());
    String local = xml.getLocalName();
    if (parent.nil && innermost != null) {
      refuse(notNil());
    }
    if (readPlainLeaf(parent, namespace, local)) {
      return;
    }
    Level level = levels.push();
    level.begin(namespace, local, cursor.eventStart(), ++order);
    if (paths.countsPositions()) {
      level.position = parent.countChild(namespace, local);
    }
    if (parent.markup) {
      level.markup = true;
    } else {
      for (int i = 0; i < parent.frameCount; i++) {
        Frame frame = parent.frames[i];
        if (frame.row == null || frame.row.element.fault == null) {
          PathNode node = frame.node.child(namespace, local);
          if (node != null) {
            enter(level, parent, node, frame, frame);
          }
        }
      }
    }
    boolean inside = markCollectors(parent);
    if (level.frameCount == 0 && !level.markup) {
      if (inside && (ignoresUnknown(parent) || wantsMarkup())) {
        level.markup = true;
      } else if (!ignoresUnknown(parent)) {
        refuse(unknownElement(expectedNames(parent), expectedNamespaces(parent, local)));
      } else if (tells()) {
        skipped.element(place(levels.depth() - 1), namespace, local, openTable());
      }
    }
    if (level.frameCount == 0 && collectors.isEmpty()) {
      levels.pop();
      cursor.skipToEnd(xml.getDepth());
      return;
    }
    if (isLeaf(level) && !isNil()) {
      attributes(level);
      readLeaf(level.frames[0], level.frames[0].node, level.start);
      levels.pop();
      return;
    }
    if (markups > 0) {
      for (Collector collector : collectors) {
        if (collector.markup != null) {
          collector.markup.start(xml);
        }
      }
      limitMarkup();
    }
    if (innermost == null) {
      addOpenElement();
      level.outside = true;
    }
    openRows(level);
    level.nil = level.frameCount > 0 && isNil();
    openRecords(level);
    if (level.frameCount > 0) {
      attributes(level);
      startTakers(level);
    }
  }

  /** Whether nobody wants anything of the element but columns of one row its text. */
  private boolean isLeaf(Level level) {
    return level.frameCount == 1
        && collectors.isEmpty()
        && level.frames[0].row != null
        && level.frames[0].candidate == null
        && level.frames[0].node.isLeaf();
  }

  /** Reads the element that begins if it is a leaf without attributes, as most elements are. */
  private boolean readPlainLeaf(Level parent, String namespace, String local)
      throws XMLStreamException, Fault {
    if (!collectors.isEmpty()
        || parent.markup
        || paths.countsPositions()
        || xml.getAttributeCount() > 0
        || defaults != null) {
      return false;
    }
    Frame from = null;
    PathNode leaf = null;
    for (int i = 0; i < parent.frameCount; i++) {
      PathNode node = parent.frames[i].node.child(namespace, local);
      if (node != null) {
        if (leaf != null || !node.isLeaf()) {
          return false;
        }
        from = parent.frames[i];
        leaf = node;
      }
    }
    if (from == null
        || from.row == null
        || from.row.element.fault != null
        || from.candidate != null) {
      return false;
    }
    readLeaf(from, leaf, cursor.eventStart());
    return true;
  }

  /** Reads a leaf to its end tag. */
  private void readLeaf(Frame frame, PathNode node, long startChar)
      throws XMLStreamException, Fault {
    OpenRow open = frame.row;
    int textStart = open.row.textEnd();
    boolean hasElement = false;
    int depth = xml.getDepth();
    while (true) {
      int event = cursor.next();
      if (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA) {
        open.row.append(xml.getTextCharacters(), xml.getTextStart(), xml.getTextLength());
      } else if (event == XMLStreamConstants.START_ELEMENT) {
        hasElement = true;
        if (!ignoresUnknown() && !wantsWholeText(node)) {
          refuse(unknownElement(List.of(), List.of()));
        }
      } else if (event == XMLStreamConstants.END_ELEMENT && xml.getDepth() == depth) {
        break;
      }
    }
    int textEnd = open.row.textEnd();
    for (Taker taker : node.takers()) {
      if (open.element.fault == null) {
        open.add(taker, frame.group, textStart, textEnd, frame.steps, startChar, hasElement);
      }
    }
    limitValues(open.size());
  }

  private static boolean wantsWholeText(PathNode node) {
    for (Taker taker : node.takers()) {
      if (taker.take() == Path.Take.WHOLE_TEXT) {
        return true;
      }
    }
    return false;
  }

  /** Whether a text that is being collected goes on inside the child that begins. */
  private boolean markCollectors(Level parent) throws Fault {
    for (int i = collectors.size() - 1; i >= 0; i--) {
      Collector collector = collectors.get(i);
      if (collector.level != parent) {
        break;
      }
      collector.hasElement = true;
      if (collector.taker.take() == Path.Take.TEXT_NODES) {
        endRun(collector);
      }
    }
    return !collectors.isEmpty();
  }

  private boolean wantsMarkup() {
    return collectors.stream()
        .anyMatch(
            c ->
                c.taker.take() == Path.Take.WHOLE_TEXT
                    || c.markup != null
                    || c.taker.plan() == null);
  }

  /** Whether the innermost row takes elements and attributes that no path names. */
  private boolean ignoresUnknown() {
    return innermost.fault != null || !innermost.strict;
  }

  private boolean ignoresUnknown(Level level) {
    if (innermost != null) {
      return ignoresUnknown();
    }
    for (int i = 0; i < level.frameCount; i++) {
      if (level.frames[i].isOfDocument() && level.frames[i].node.isStrictOutside()) {
        return false;
      }
    }
    return true;
  }

  private static List<String> expectedNames(Level level) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < level.frameCount; i++) {
      names.addAll(level.frames[i].node.childNames());
    }
    return names;
  }

  private static List<String> expectedNamespaces(Level level, String local) {
    List<String> namespaces = new ArrayList<>();
    for (int i = 0; i < level.frameCount; i++) {
      namespaces.addAll(level.frames[i].node.childNamespaces(local));
    }
    return namespaces;
  }

  /** A fault of the innermost row, or else of the document. */
  private void refuse(Fault fault) throws Fault {
    if (innermost == null) {
      throw fault;
    }
    innermost.fail(fault);
  }

  /**
   * Comes to a state, and to those that it leads to at the same element.
   *
   * @param from whose paths lead there
   * @param above the frame of the parent element that they began at
   */
  private void enter(Level level, Level parent, PathNode node, Frame from, Frame above) {
    Frame frame = level.add(node, from);
    sectionSeen |= frame.isOfDocument() && (node.holdsRecords() || mapping.acceptsEmpty());
    if (frame.row != null) {
      for (PathNode.Place place : node.singlePlaces()) {
        frame.steps = new StepInstance(place, frame.steps);
      }
    }
    if (frame.isOfDocument()) {
      openScopes(level, node, level.namespace, level.local);
      for (int table : node.tables()) {
        level.tables.set(table);
      }
    }
    for (PathNode.Branch branch : node.branches()) {
      branch(level, parent, branch, frame, above);
    }
  }

  private void openScopes(Level level, PathNode node, String namespace, String local) {
    for (UpScope scope : node.upScopes()) {
      NameTest name = scope.anchor().name();
      if (level.holder(scope) == null && (name == null || name.matches(namespace, local))) {
        Holder holder = new Holder(scope);
        level.holders.add(holder);
        Frame frame = level.add(scope.root(), null);
        frame.holder = holder;
      }
    }
  }

  /** Follows the paths that go on under some conditions, as far as they may hold. */
  private void branch(Level level, Level parent, PathNode.Branch branch, Frame frame, Frame above) {
    Counter counter = null;
    boolean last = false;
    for (int i = 0; i < branch.predicates().size(); i++) {
      Path.Predicate predicate = branch.predicates().get(i);
      if (predicate instanceof Path.Position position) {
        counter = parent.counter(branch, above);
        if (counter.next(i) != position.number()) {
          return;
        }
      } else if (predicate instanceof Path.Last) {
        last = true;
      } else if (branch.isKnownAtStart(i)
          && !Candidates.holds(predicate, level.local, attributeConditions)) {
        return;
      }
    }
    if (!branch.isPending()) {
      enter(level, parent, branch.root(), frame, above);
      return;
    }
    Candidate candidate = watch(level, branch, frame.candidate, last);
    if (last) {
      parent.counter(branch, above).replaceLast(candidate);
    }
    Candidate outer = frame.candidate;
    frame.candidate = candidate;
    enter(level, parent, branch.root(), frame, above);
    frame.candidate = outer;
  }

  /** Whether a condition on attributes of the current start tag holds. */
  private boolean hasAttribute(Path.Predicate condition) {
    Path path =
        condition instanceof Path.Equals equals ? equals.path() : ((Path.Exists) condition).path();
    NameTest test = path.attribute();
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      if (test.matches(orEmpty(xml.getAttributeNamespace(i)), xml.getAttributeLocalName(i))
          && Candidates.accepts(condition, xml.getAttributeValue(i))) {
        return true;
      }
    }
    if (defaults != null) {
      for (AttributeDefaults.Default supplied : defaults.ofElement(xml.getPrefixedName())) {
        String uri = namespaceOf(supplied);
        if (test.matches(uri, supplied.local())
            && xml.getAttributeValue(uri, supplied.local()) == null
            && Candidates.accepts(condition, supplied.value())) {
          return true;
        }
      }
    }
    return false;
  }

  private String namespaceOf(AttributeDefaults.Default supplied) {
    String prefix = supplied.prefix();
    return prefix.isEmpty() ? "" : orEmpty(xml.getNamespaceURI(prefix));
  }

  /** Opens the rows that the element is. */
  private void openRows(Level level) throws Fault {
    if (level.tables.isEmpty()) {
      return;
    }
    if (innermost != null && innermost.isDead()) {
      for (int id = level.tables.nextSetBit(0); id >= 0; id = level.tables.nextSetBit(id + 1)) {
        columns[id].parentInvalid(1);
      }
      innermost.lostRows++;
      return;
    }
    long start = level.start;
    RowElement outer = innermost;
    if (outer != null) {
      outer.taken += start - outer.resumedAt;
    }
    cursor.enterRecord();
    sectionSeen = true;
    RowElement element = new RowElement(outer, ++recordsRead, start, levels.depth());
    element.resumedAt = start;
    innermost = element;
    level.rowElement = element;
    for (int id = level.tables.nextSetBit(0); id >= 0; id = level.tables.nextSetBit(id + 1)) {
      PathMapping.Table table = paths.tables().get(id);
      OpenRow row = rows.open(table, element);
      openRowsByTable[id]++;
      row.depth = openRowsByTable[id];
      element.rows.add(row);
      element.strict |= !table.ignoresUnknown();
      for (UpScope scope : table.upScopes()) {
        findHolders(row, scope);
      }
      Frame frame = level.add(table.root(), null);
      frame.row = row;
      if (table.deletion() != null) {
        watchDeletion(level, row, table.deletion());
      }
    }
  }

  /** Finds out, now or at the element's end, whether a row deletes another. */
  private void watchDeletion(Level level, OpenRow row, PathNode.Branch condition) {
    if (!condition.isPending()) {
      if (Candidates.holds(condition.predicates().get(0), level.local, attributeConditions)) {
        row.row.markAsDeletion();
      }
      return;
    }
    row.deletion = watch(level, condition, null, false);
  }

  /** An element whose conditions are known at its end. */
  private static Candidate watch(
      Level level, PathNode.Branch branch, @Nullable Candidate outer, boolean last) {
    Candidate candidate = new Candidate(branch, outer, level.local, last);
    level.candidates.add(candidate);
    PathNode conditions = branch.conditions();
    if (conditions != null) {
      Frame watching = level.add(conditions, null);
      watching.watched = candidate;
    }
    return candidate;
  }

  /** The elements around the row that it wants values of. */
  private void findHolders(OpenRow row, UpScope scope) {
    int depth = levels.depth();
    switch (scope.anchor().from()) {
      case ROOT -> row.addHolder(levels.get(0).holder(scope));
      case PARENT -> {
        if (depth > scope.anchor().up()) {
          row.addHolder(levels.get(depth - scope.anchor().up()).holder(scope));
        }
      }
      case ANCESTOR -> {
        if (scope.anchor().nearest()) {
          Level ancestor = ancestor(depth, scope.anchor().name());
          if (ancestor != null) {
            row.addHolder(ancestor.holder(scope));
          }
        } else {
          for (int i = 1; i < depth; i++) {
            row.addHolder(levels.get(i).holder(scope));
          }
        }
      }
      case SELF -> throw new IllegalStateException("a row's own values aren't held");
    }
  }

  private @Nullable Level ancestor(int depth, @Nullable NameTest name) {
    for (int i = depth - 1; i > 0; i--) {
      Level level = levels.get(i);
      if (name != null && name.matches(level.namespace, level.local)) {
        return level;
      }
    }
    return null;
  }

  /** Opens the RECORDs that the element is, and those that are the same element. */
  private void openRecords(Level level) throws Fault {
    for (int i = 0; i < level.frameCount; i++) {
      Frame frame = level.frames[i];
      for (PathNode.Opening opening : frame.node.openings()) {
        if (frame.row != null && frame.row.element.fault == null) {
          openRecord(level, frame, opening);
        }
      }
    }
  }

  private void openRecord(Level level, Frame frame, PathNode.Opening opening) throws Fault {
    OpenRow row = frame.row;
    Column column = opening.column();
    if (level.nil && !hasKnownAttribute(opening.root())) {
      isNil(opening.taker(), frame, level);
      return;
    }
    int group;
    if (opening.taker().plan().isDeferred() || frame.candidate != null) {
      group = row.row.openRecord(column);
      row.found.add(Found.ofRecord(opening.taker(), frame, group, level.order, level.start));
    } else {
      group = row.row.addRecord(frame.group, column);
      if (group < 0) {
        row.element.fail(repeated(column, level.start));
        return;
      }
      row.takeFromOneInstance(opening.taker(), frame.group, frame.steps, level.start);
    }
    limitValues(row.size());
    row.opened(column, group, level.start, frame.candidate);
    Frame inside = level.add(opening.root(), null);
    inside.row = row;
    inside.group = group;
    inside.candidate = frame.candidate;
  }

  private boolean hasKnownAttribute(PathNode node) {
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      String namespace = orEmpty(xml.getAttributeNamespace(i));
      if (node.attribute(namespace, xml.getAttributeLocalName(i)) != null) {
        return true;
      }
    }
    return false;
  }

  private void attributes(Level level) throws Fault {
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      String namespace = orEmpty(xml.getAttributeNamespace(i));
      String local = xml.getAttributeLocalName(i);
      boolean known = attribute(level, namespace, local, xml.getAttributeValue(i));
      if (!known && !mayStandAnywhere(i) && !isTakenAsXml(level)) {
        if (innermost != null && innermost.strict && innermost.fault == null) {
          innermost.fail(unknownAttribute(i));
        } else if (tells()) {
          skipped.attribute(place(levels.depth()), namespace, local, openTable());
        }
      }
    }
    if (defaults != null) {
      for (AttributeDefaults.Default supplied : defaults.ofElement(xml.getPrefixedName())) {
        String uri = namespaceOf(supplied);
        if (xml.getAttributeValue(uri, supplied.local()) == null) {
          attribute(level, uri, supplied.local(), supplied.value());
        }
      }
    }
  }

  /** Whether the current start tag is part of a value. */
  private boolean isTakenAsXml(Level level) {
    if (markups > 0) {
      return true;
    }
    for (int i = 0; i < level.frameCount; i++) {
      for (Taker taker : level.frames[i].node.takers()) {
        if (taker.take() == Path.Take.XML) {
          return true;
        }
      }
    }
    return false;
  }

  /** Hands an attribute out; whether anybody knows it. */
  private boolean attribute(Level level, String namespace, String local, String value)
      throws Fault {
    boolean known = false;
    order++;
    for (int i = 0; i < level.frameCount; i++) {
      Frame frame = level.frames[i];
      Taker[] takers = frame.node.attribute(namespace, local);
      if (takers != null) {
        known = true;
        for (Taker taker : takers) {
          give(taker, frame, value, level.start, order, false);
        }
      }
    }
    return known;
  }

  private void startTakers(Level level) throws Fault {
    // Of all nodes in the document, so that each is known by it.
    long runOrder = ++order;
    for (int i = 0; i < level.frameCount; i++) {
      Frame frame = level.frames[i];
      for (Taker taker : frame.node.takers()) {
        switch (taker.take()) {
          case LOCAL_NAME -> give(taker, frame, level.local, level.start, level.order, false);
          case NAMESPACE_URI ->
              give(taker, frame, level.namespace, level.start, level.order, false);
          case ELEMENT, WHOLE_TEXT, TEXT_NODES -> {
            if (!taker.wantsText() && taker.take() != Path.Take.TEXT_NODES) {
              give(taker, frame, "", level.start, level.order, false);
            } else if (!level.nil) {
              boolean runs = taker.take() == Path.Take.TEXT_NODES;
              collectors.add(
                  new Collector(taker, frame, level, text.length(), runs ? runOrder : level.order));
            } else {
              isNil(taker, frame, level);
            }
          }
          case XML, INNER_XML -> {
            if (level.nil) {
              isNil(taker, frame, level);
            } else {
              Collector collector = new Collector(taker, frame, level, text.length(), level.order);
              collector.markup = new MarkupWriter();
              if (taker.take() == Path.Take.XML) {
                collector.markup.start(xml);
              }
              collectors.add(collector);
              markups++;
            }
          }
          case ATTRIBUTE -> throw new IllegalStateException("an attribute is no element");
        }
      }
    }
  }

  /** An element that is to give a value has none; it counts where one is chosen by its place. */
  private void isNil(Taker taker, Frame frame, Level level) throws Fault {
    if (taker.take() == Path.Take.TEXT_NODES) {
      return;
    }
    ColumnPlan plan = taker.plan();
    if (plan == null) {
      if (taker.isForSlot()) {
        hold(frame.holder, taker.number(), null, level.start);
      }
    } else if (plan.isDeferred() || frame.candidate != null) {
      frame.row.found.add(Found.ofNil(taker, frame, level.order, level.start));
      limitValues(frame.row.size());
    } else {
      frame.row.tally.noValue(plan.column());
    }
  }

  private void text() throws Fault {
    Level level = levels.top();
    if (!collectors.isEmpty()) {
      text.append(xml.getTextCharacters(), xml.getTextStart(), xml.getTextLength());
      if (markups > 0) {
        for (Collector collector : collectors) {
          if (collector.markup != null) {
            collector.markup.text(xml.getTextCharacters(), xml.getTextStart(), xml.getTextLength());
          }
        }
        limitMarkup();
      }
      if (innermost == null && text.length() > MAX_HELD_LENGTH) {
        throw tooMuchHeld();
      }
      return;
    }
    if (level.markup || xml.isWhiteSpace()) {
      return;
    }
    if (level.nil) {
      refuse(notNil());
    } else if (!ignoresUnknown(level)) {
      refuse(
          new Fault(
              RejectionReason.UNEXPECTED_TEXT,
              "the mapping has no column for text here; it expects elements only",
              cursor.eventStart()));
    } else if (tells()) {
      skipped.text(place(levels.depth()), openTable());
    }
  }

  /** Whether anybody wants to know what is here: not what is in an invalid row. */
  private boolean tells() {
    return innermost == null || !innermost.isDead();
  }

  private int openTable() {
    return innermost == null ? SkippedPaths.OUTSIDE : innermost.rows.get(0).table.columns().id();
  }

  private SkippedPaths.Place place(int depth) {
    Level level = levels.get(depth);
    if (level.place == null) {
      level.place =
          depth == 0
              ? skipped.document()
              : skipped.child(place(depth - 1), level.namespace, level.local);
    }
    return level.place;
  }

  /** XML may be longer than it was in the document: characters are escaped, and names declared. */
  private void limitMarkup() throws Fault {
    long length = 0;
    for (Collector collector : collectors) {
      length += collector.markup == null ? 0 : collector.markup.length();
    }
    if (innermost == null && length > MAX_HELD_LENGTH) {
      throw tooMuchHeld();
    }
    if (length > cursor.maxRecordBytes()) {
      throw new Fault(
          RejectionReason.LIMIT_EXCEEDED,
          "the XML that columns take is longer than "
              + cursor.maxRecordBytes()
              + " characters (--maxRecordBytes)",
          cursor.recordStart());
    }
  }

  private Fault tooMuchHeld() {
    return new Fault(
        RejectionReason.LIMIT_EXCEEDED,
        "the values that rows take from one element around them are longer than "
            + MAX_HELD_LENGTH
            + " characters",
        cursor.eventStart());
  }

  private void end() throws Fault {
    Level level = levels.top();
    int first = collectors.size();
    while (first > 0 && collectors.get(first - 1).level == level) {
      first--;
    }
    if (markups > 0) {
      endMarkup(level);
    }
    for (int i = first; i < collectors.size(); i++) {
      Collector collector = collectors.get(i);
      if (collector.taker.take() == Path.Take.TEXT_NODES) {
        endRun(collector);
      } else if (collector.markup != null) {
        markups--;
        String markup = collector.markup.toString();
        give(collector.taker, collector.frame, markup, level.start, collector.order, false);
      } else {
        give(
            collector.taker,
            collector.frame,
            text.substring(collector.start),
            level.start,
            collector.order,
            collector.hasElement);
      }
    }
    collectors.subList(first, collectors.size()).clear();
    if (first == 0) {
      text.setLength(0);
    } else {
      restartRuns(levels.get(levels.depth() - 1));
    }
    level.candidates.forEach(Candidate::end);
    level.counters.forEach(Counter::end);
    if (level.rowElement != null) {
      endRows(level.rowElement);
    }
    if (level.outside) {
      openElements.remove(openElements.size() - 1);
    }
    levels.pop();
  }

  private void endMarkup(Level level) {
    for (Collector collector : collectors) {
      boolean outside = collector.level == level && collector.taker.take() == Path.Take.INNER_XML;
      if (collector.markup != null && !outside) {
        collector.markup.end(xml);
      }
    }
  }

  private void endRun(Collector collector) throws Fault {
    if (text.length() > collector.start) {
      give(
          collector.taker,
          collector.frame,
          text.substring(collector.start),
          collector.level.start,
          collector.order,
          false);
    }
    collector.start = text.length();
  }

  /** A child has ended: what comes now is another run of the text around it. */
  private void restartRuns(Level parent) {
    order++;
    for (int i = collectors.size() - 1; i >= 0 && collectors.get(i).level == parent; i--) {
      Collector collector = collectors.get(i);
      if (collector.taker.take() == Path.Take.TEXT_NODES) {
        collector.start = text.length();
        collector.order = order;
      }
    }
  }

  /** Hands out what a path has led to. */
  private void give(
      Taker taker, Frame frame, String value, long startChar, long valueOrder, boolean hasElement)
      throws Fault {
    ColumnPlan plan = taker.plan();
    if (plan == null && !taker.isForSlot()) {
      if (frame.watched != null && taker.accepts(value)) {
        frame.watched.fulfil(taker.number());
      }
      return;
    }
    if (plan == null) {
      hold(frame.holder, taker.number(), value, startChar);
      return;
    }
    OpenRow row = frame.row;
    if (row.element.fault != null) {
      return;
    }
    int start = row.row.textEnd();
    row.row.append(value);
    if (plan.isDeferred() || frame.candidate != null) {
      row.found.add(
          Found.ofText(taker, frame, start, row.row.textEnd(), valueOrder, startChar, hasElement));
    } else {
      row.add(taker, frame.group, start, row.row.textEnd(), frame.steps, startChar, hasElement);
    }
    limitValues(row.size());
  }

  private void hold(Holder holder, int slot, @Nullable String value, long startChar) throws Fault {
    int wanted = holder.scope.wanted(slot);
    boolean enough = wanted > 0 && holder.values.get(slot).size() >= wanted;
    if (enough || (value == null && holder.readers[slot] > 0)) {
      return;
    }
    int length = value == null ? 1 : value.length();
    if (holder.length + length > MAX_HELD_LENGTH) {
      throw tooMuchHeld();
    }
    holder.length += length;
    holder.values.get(slot).add(value);
    if (holder.readers[slot] > 0) {
      throw new Fault(
          RejectionReason.LATE_VALUE,
          holder.readers[slot]
              + " rows before this value take it from here; a value from outside a row must stand"
              + " before it: make the element here a table and join the two in SQL",
          startChar);
    }
  }

  private void endRows(RowElement element) throws Fault {
    for (OpenRow row : element.rows) {
      openRowsByTable[row.table.columns().id()]--;
      if (element.fault == null) {
        finish(row);
      }
    }
    endedElement = element;
    RowElement outer = element.outer;
    if (outer != null && outer.inside == null) {
      outer.inside = new RowsInside(columns.length);
    }
    if (element.fault != null) {
      ended.add(element.rows.get(0));
      lose(element);
      if (outer != null) {
        outer.inside.addInvalid(element.rows.get(0).table.columns().id());
        outer.lostRows += element.lostRows;
      }
      return;
    }
    ended.addAll(element.rows);
    if (outer != null) {
      // None, unless something around it is invalid.
      outer.lostRows += element.lostRows;
      element.rows.forEach(row -> outer.inside.addRow(row.table.columns().id()));
      if (element.inside != null) {
        outer.inside.add(element.inside);
      }
    }
  }

  /** Rows inside an invalid one aren't loaded. */
  private void lose(RowElement element) {
    if (element.inside == null) {
      return;
    }
    for (int table = 0; table < columns.length; table++) {
      long lost = element.inside.of(table);
      columns[table].parentInvalid(lost);
      element.lostRows += lost;
    }
  }

  /** The rows that have ended were handed out. */
  private void leaveEnded() {
    if (endedElement == null) {
      return;
    }
    endedElement.rows.forEach(rows::close);
    innermost = endedElement.outer;
    endedElement = null;
    if (innermost == null) {
      cursor.leaveRecord();
    } else {
      cursor.resumeRecord(innermost.start, innermost.taken);
      innermost.resumedAt = cursor.currentEnd();
    }
  }

  /** Puts into the row what had to wait, and looks for what is missing. */
  private void finish(OpenRow row) throws Fault {
    if (!row.found.isEmpty() || !row.table.plansAtEnd().isEmpty()) {
      row.found.removeIf(found -> !found.isAccepted());
      new Choosing(row, this::ofRow).finish();
    }
    if (row.deletion != null && row.deletion.isAccepted()) {
      row.row.markAsDeletion();
    }
    row.complete(cursor.recordStart());
  }

  private @Nullable String ofRow(OpenRow row, Expression.OfRow wanted) {
    int depth = row.element.depth;
    Level level =
        switch (wanted.of().from()) {
          case SELF -> levels.get(depth);
          case PARENT -> depth > wanted.of().up() ? levels.get(depth - wanted.of().up()) : null;
          case ANCESTOR -> ancestor(depth, wanted.of().name());
          case ROOT -> throw new IllegalStateException("the document has no key");
        };
    if (level == null) {
      return null;
    }
    return switch (wanted.value()) {
      case KEY -> fileVersion + "-" + level.start;
      case POSITION -> Long.toString(level.position);
      case DEPTH -> Integer.toString(row.depth);
      case PATH -> levels.path(depth, row.table.columns().mapping().names());
    };
  }
}
