package io.xmltobigquery.xml;

import io.xmltobigquery.mapping.Expression;
import io.xmltobigquery.mapping.Mode;
import io.xmltobigquery.mapping.NameTest;
import io.xmltobigquery.mapping.Namespaces;
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
import io.xmltobigquery.xml.ContentTree.Claim;
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
import java.util.IdentityHashMap;
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

  /** Whether a column has taken what was given to it. */
  private boolean taken;

  /** What tells later whether columns have taken it. */
  private final List<Claim> claims = new ArrayList<>();

  /** The same of the text that has ended. */
  private boolean runTaken;

  private final List<Claim> runClaims = new ArrayList<>();

  private final IdentityHashMap<Namespaces, JsonText> json = new IdentityHashMap<>();

  /** How many of the collectors want XML or JSON. */
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
    if (parent.content != null) {
      childBegins(parent);
    }
    if (level.frameCount == 0 && !level.markup) {
      if (inside && (ignoresUnknown(parent) || wantsMarkup())) {
        level.markup = true;
      } else if (!ignoresUnknown(parent)) {
        refuse(unknownElement(expectedNames(parent), expectedNamespaces(parent, local)));
      } else if (tells() && !keepsRest()) {
        skipped.element(place(levels.depth() - 1), namespace, local, openTable());
      }
    }
    if (level.frameCount == 0 && collectors.isEmpty()) {
      levels.pop();
      if (parent.content != null && innermost.fault == null) {
        keepWhole(parent.content);
      } else {
        cursor.skipToEnd(xml.getDepth());
      }
      return;
    }
    if (isLeaf(level) && !isNil() && (parent.content == null || isTakenLeaf(level.frames[0]))) {
      beginContent(level, parent);
      attributes(level);
      readLeaf(level.frames[0], level.frames[0].node, level.start);
      endContent(level);
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
    if (level.tables.isEmpty()) {
      beginContent(level, parent);
    }
    openRows(level);
    level.nil = level.frameCount > 0 && isNil();
    openRecords(level);
    if (level.frameCount > 0 || level.content != null) {
      attributes(level);
      startTakers(level);
    }
  }

  private boolean isTakenLeaf(Frame leaf) {
    return leaf.record == null && canTakeText(leaf, leaf.node);
  }

  private boolean keepsRest() {
    return innermost != null && innermost.rest != null;
  }

  /** Whether what the row's columns don't take where the reader is comes into the row's rest. */
  private boolean keeps(OpenRow row) {
    return row.element == innermost && innermost.rest != null;
  }

  /** A child of an element that is kept begins. */
  private void childBegins(Level parent) {
    endText(parent.content);
    parent.content.hasElements = true;
  }

  private void endText(ContentTree.Node content) {
    if (runTaken) {
      content.fate.taken = true;
    }
    ContentTree.Node text = innermost.rest.tree().endText(content, !runTaken);
    if (text != null && !runClaims.isEmpty()) {
      text.fate = new ContentTree.Fate();
      text.fate.covers = List.copyOf(runClaims);
      content.fate.inside = addAll(content.fate.inside, runClaims);
    }
    runTaken = false;
    runClaims.clear();
  }

  private static List<Claim> addAll(List<Claim> some, List<Claim> more) {
    List<Claim> all = some;
    for (Claim claim : more) {
      all = ContentTree.Fate.with(all, claim);
    }
    return all;
  }

  /** Keeps the element that begins with all that is in it. */
  private void keepWhole(ContentTree.Node parent) throws XMLStreamException, Fault {
    ContentTree tree = innermost.rest.tree();
    Deque<ContentTree.Node> open = new ArrayDeque<>();
    ContentTree.Node around = parent;
    int event = xml.getEventType();
    do {
      if (event == XMLStreamConstants.START_ELEMENT) {
        if (!open.isEmpty()) {
          tree.childBegins(around);
        }
        ContentTree.Node element = tree.whole(xml);
        around.add(element);
        open.push(around);
        around = element;
        limitValues(tree.size());
      } else if (event == XMLStreamConstants.END_ELEMENT) {
        tree.end(around);
        around = open.pop();
      } else if (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA) {
        tree.text(around, xml.getTextCharacters(), xml.getTextStart(), xml.getTextLength());
      }
      event = open.isEmpty() ? event : cursor.next();
    } while (!open.isEmpty());
  }

  /** Begins to keep an element that isn't a row. */
  private void beginContent(Level level, Level parent) throws Fault {
    level.covered = parent.covered;
    if (parent.content == null || parent.covered || innermost.fault != null) {
      return;
    }
    ContentTree tree = innermost.rest.tree();
    level.content = tree.element(xml);
    ContentTree.Fate fate = new ContentTree.Fate();
    level.content.fate = fate;
    for (int i = 0; i < level.frameCount; i++) {
      Frame frame = level.frames[i];
      if (!frame.node.isNamed()) {
        continue;
      }
      if (frame.isOfDocument()) {
        fate.named = true;
      } else if (frame.row != null && keeps(frame.row)) {
        Claim claim = claim(frame);
        if (claim == null) {
          fate.named = true;
        } else {
          fate.names = ContentTree.Fate.with(fate.names, claim);
        }
      }
    }
    limitValues(tree.size());
  }

  /** What tells whether the paths of a frame lead anywhere, or null if they do. */
  private static @Nullable Claim claim(Frame frame) {
    if (frame.watched != null) {
      return frame.watched;
    }
    return frame.candidate != null ? frame.candidate : frame.record;
  }

  private void endContent(Level level) {
    ContentTree.Node content = level.content;
    if (content == null) {
      return;
    }
    endText(content);
    ContentTree.Node parent = levels.get(levels.depth() - 1).content;
    if (level.rowElement != null || parent == null) {
      return;
    }
    if (content.fate.isKnown()) {
      parent.fate.taken = true;
    }
    if (content.first != null || !content.fate.isDecided()) {
      parent.add(content);
    }
  }

  /** Keeps an attribute of the current start tag that columns may not have taken. */
  private void keepAttribute(ContentTree.Node content, int attribute) throws Fault {
    if (taken) {
      content.fate.taken = true;
    } else if (!claims.isEmpty() || !isForSchema(xml, attribute)) {
      ContentTree tree = innermost.rest.tree();
      ContentTree.Node node = tree.attribute(content, xml, attribute);
      if (!claims.isEmpty()) {
        node.fate = new ContentTree.Fate();
        node.fate.covers = List.copyOf(claims);
        content.fate.inside = addAll(content.fate.inside, claims);
      }
      limitValues(tree.size());
    }
  }

  private void resetTaken() {
    taken = false;
    claims.clear();
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
    if (parent.content != null) {
      // Columns that have no room for it leave it to the rest.
      if (from.record != null || !canTakeText(from, leaf)) {
        return false;
      }
      childBegins(parent);
    }
    readLeaf(from, leaf, cursor.eventStart());
    return true;
  }

  /** Whether a column of the row whose rest is kept takes the text of a leaf. */
  private boolean canTakeText(Frame frame, PathNode leaf) {
    if (!keeps(frame.row)) {
      return false;
    }
    for (Taker taker : leaf.takers()) {
      if (frame.row.canTake(taker, frame.group, frame.steps)) {
        return true;
      }
    }
    return false;
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
    Candidate candidate = watch(level, branch, frame.row, frame.candidate, last);
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
    boolean keepsRest = false;
    for (int id = level.tables.nextSetBit(0); id >= 0; id = level.tables.nextSetBit(id + 1)) {
      PathMapping.Table table = paths.tables().get(id);
      OpenRow row = rows.open(table, element);
      openRowsByTable[id]++;
      row.depth = openRowsByTable[id];
      element.rows.add(row);
      element.strict |= !table.ignoresUnknown();
      keepsRest |= table.columns().rest() != null;
      for (UpScope scope : table.upScopes()) {
        findHolders(row, scope);
      }
      Frame frame = level.add(table.root(), null);
      frame.row = row;
      if (table.deletion() != null) {
        watchDeletion(level, row, table.deletion());
      }
    }
    if (keepsRest) {
      element.strict = false;
      element.rest = new Rest(xml);
      level.content = element.rest.root();
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
    row.deletion = watch(level, condition, row, null, false);
  }

  /** An element whose conditions are known at its end. */
  private static Candidate watch(
      Level level,
      PathNode.Branch branch,
      @Nullable OpenRow row,
      @Nullable Candidate outer,
      boolean last) {
    Candidate candidate = new Candidate(branch, outer, level.local, last);
    level.candidates.add(candidate);
    PathNode conditions = branch.conditions();
    if (conditions != null) {
      Frame watching = level.add(conditions, null);
      watching.watched = candidate;
      watching.row = row;
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
    boolean kept = keeps(row);
    if (level.nil && !hasKnownAttribute(opening.root())) {
      if (!kept || mayTake(opening.taker(), frame, level)) {
        resetTaken();
        isNil(opening.taker(), frame, level);
        waitFor(level);
      }
      return;
    }
    int group;
    Found found = null;
    if (opening.taker().plan().isDeferred() || frame.candidate != null) {
      group = row.row.openRecord(column);
      found = Found.ofRecord(opening.taker(), frame, group, level.order, level.start);
      found.isKept = kept;
      row.found.add(found);
    } else if (kept && !mayTake(opening.taker(), frame, level)) {
      return;
    } else {
      group = row.row.addRecord(frame.group, column);
      if (group < 0) {
        row.element.fail(repeated(column, level.start));
        return;
      }
      row.takeFromOneInstance(opening.taker(), frame.group, frame.steps, level.start);
    }
    limitValues(row.size());
    Found record = found == null ? frame.record : found;
    row.opened(column, group, level.start, record);
    if (kept && level.content != null) {
      level.content.fate.undecided |= found != null;
      keepRecord(level.content.fate, row, column, group, record);
    }
    Frame inside = level.add(opening.root(), null);
    inside.row = row;
    inside.record = record;
    inside.group = group;
    inside.candidate = frame.candidate;
  }

  private static void keepRecord(
      ContentTree.Fate fate, OpenRow row, Column column, int group, @Nullable Found found) {
    if (found != null) {
      fate.values = ContentTree.Fate.with(fate.values, found);
    }
    if (column.rest() != null) {
      Rest.OfRecord record = new Rest.OfRecord(row, column.rest(), group, found);
      fate.rests = ContentTree.Fate.with(fate.rests, record);
    } else if (column.mode() == Mode.REPEATED && found == null) {
      fate.item = true;
    } else if (column.mode() == Mode.REPEATED) {
      fate.items = ContentTree.Fate.with(fate.items, found);
    }
  }

  /**
   * Whether a column of the row whose rest is kept takes the element that begins; if it has no room
   * for it, the element is left.
   */
  private boolean mayTake(Taker taker, Frame frame, Level level) {
    if (taker.plan().isDeferred() || frame.candidate != null) {
      if (level.content != null) {
        level.content.fate.undecided = true;
      }
      return true;
    }
    boolean takes = frame.row.canTake(taker, frame.group, frame.steps);
    if (level.content != null) {
      ContentTree.Fate fate = level.content.fate;
      if (frame.record != null) {
        fate.names = takes ? ContentTree.Fate.with(fate.names, frame.record) : fate.names;
      } else if (takes) {
        fate.taken = true;
      } else {
        fate.refused = true;
      }
    }
    return takes;
  }

  /** What was given to columns just now tells whether they take the element. */
  private void waitFor(Level level) {
    if (level.content != null) {
      for (Claim claim : claims) {
        if (claim instanceof Found found) {
          level.content.fate.values = ContentTree.Fate.with(level.content.fate.values, found);
        }
      }
    }
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
      resetTaken();
      boolean known = attribute(level, namespace, local, xml.getAttributeValue(i));
      if (level.content != null) {
        keepAttribute(level.content, i);
      } else if (!known && !mayStandAnywhere(i) && !isTakenWhole(level)) {
        if (innermost != null && innermost.strict && innermost.fault == null) {
          innermost.fail(unknownAttribute(i));
        } else if (tells() && !keepsRest()) {
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
  private boolean isTakenWhole(Level level) {
    if (markups > 0) {
      return true;
    }
    for (Collector collector : collectors) {
      if (collector.level != level && collector.taker.take() == Path.Take.WHOLE_TEXT) {
        return true;
      }
    }
    for (int i = 0; i < level.frameCount; i++) {
      for (Taker taker : level.frames[i].node.takers()) {
        if (takesAttributes(taker)) {
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
        if (taker.plan() != null && keeps(frame.row) && !begins(taker, frame, level)) {
          continue;
        }
        resetTaken();
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
          case XML, INNER_XML, JSON -> {
            if (level.nil) {
              isNil(taker, frame, level);
            } else {
              Collector collector = new Collector(taker, frame, level, text.length(), level.order);
              collector.markup =
                  taker.take() == Path.Take.JSON ? new TakenJson(json(frame)) : new MarkupWriter();
              if (taker.take() != Path.Take.INNER_XML) {
                collector.markup.start(xml);
              }
              collectors.add(collector);
              markups++;
            }
          }
          case ATTRIBUTE -> throw new IllegalStateException("an attribute is no element");
        }
        waitFor(level);
      }
    }
  }

  /** Whether a column of the row whose rest is kept takes what an element has. */
  private boolean begins(Taker taker, Frame frame, Level level) {
    if (taker.take() == Path.Take.TEXT_NODES) {
      return true;
    }
    if (!mayTake(taker, frame, level)) {
      return false;
    }
    boolean waits = taker.plan().isDeferred() || frame.candidate != null || frame.record != null;
    if (!waits && takesContent(taker)) {
      level.covered = true;
      if (level.content != null && takesAttributes(taker)) {
        level.content.clear();
      }
    }
    return true;
  }

  private static boolean takesContent(Taker taker) {
    return switch (taker.take()) {
      case ELEMENT, WHOLE_TEXT, XML, INNER_XML, JSON -> true;
      case TEXT_NODES, ATTRIBUTE, LOCAL_NAME, NAMESPACE_URI -> false;
    };
  }

  private static boolean takesAttributes(Taker taker) {
    return taker.take() == Path.Take.XML || taker.take() == Path.Take.JSON;
  }

  /** What writes JSON by the names of the mapping. */
  private JsonText json(Frame frame) {
    return json(
        frame.row != null
            ? frame.row.table.columns().mapping().names()
            : frame.holder.scope.names());
  }

  private JsonText json(Namespaces names) {
    return json.computeIfAbsent(names, JsonText::new);
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
      find(frame.row, Found.ofNil(taker, frame, level.order, level.start));
      limitValues(frame.row.size());
    } else {
      frame.row.tally.noValue(plan.column());
    }
  }

  private void text() throws Fault {
    Level level = levels.top();
    if (level.content != null && !level.covered) {
      innermost
          .rest
          .tree()
          .text(level.content, xml.getTextCharacters(), xml.getTextStart(), xml.getTextLength());
    }
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
    } else if (tells() && !keepsRest()) {
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
      if (collector.markup != null) {
        length += collector.markup.length();
        limitValues(collector.markup.size());
      }
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
        continue;
      }
      resetTaken();
      if (collector.markup != null) {
        markups--;
        give(
            collector.taker,
            collector.frame,
            result(collector.markup, level),
            level.start,
            collector.order,
            false);
      } else {
        give(
            collector.taker,
            collector.frame,
            text.substring(collector.start),
            level.start,
            collector.order,
            collector.hasElement);
      }
      if (level.content != null) {
        cover(level.content, collector.taker);
      }
    }
    endContent(level);
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

  /** XML or JSON; nothing if it is too long for the row. */
  private String result(TakenContent content, Level level) throws Fault {
    try {
      return content.result(cursor.maxRecordBytes());
    } catch (JsonText.TooLongException e) {
      refuse(
          new Fault(
              RejectionReason.LIMIT_EXCEEDED,
              "the JSON that a column takes " + e.getMessage(),
              level.start));
      return "";
    }
  }

  /** What was given to a column just now tells whether it takes all that is in the element. */
  private void cover(ContentTree.Node content, Taker taker) {
    content.fate.covers = addAll(content.fate.covers, claims);
    for (Claim claim : claims) {
      if (claim instanceof Found found) {
        content.fate.values = ContentTree.Fate.with(content.fate.values, found);
      } else {
        content.fate.inside = ContentTree.Fate.with(content.fate.inside, claim);
      }
    }
    if (takesAttributes(taker) && !claims.isEmpty()) {
      for (ContentTree.Node child = content.first; child != null; child = child.next) {
        if (child.kind == ContentTree.Kind.ATTRIBUTE) {
          child.fate = child.fate == null ? new ContentTree.Fate() : child.fate;
          child.fate.covers = addAll(new ArrayList<>(child.fate.covers), claims);
        }
      }
    }
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
      resetTaken();
      give(
          collector.taker,
          collector.frame,
          text.substring(collector.start),
          collector.level.start,
          collector.order,
          false);
      runTaken |= taken;
      runClaims.addAll(claims);
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
      if (taker.accepts(value)) {
        if (frame.watched != null) {
          frame.watched.fulfil(taker.number());
        }
        if (taker.compares() && (frame.row == null ? keepsRest() : keeps(frame.row))) {
          noteTaken(claim(frame));
        }
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
    boolean waits = plan.isDeferred() || frame.candidate != null;
    if (!waits && keeps(row)) {
      if (!row.canTake(taker, frame.group, frame.steps)) {
        return;
      }
      noteTaken(frame.record);
    }
    int start = row.row.textEnd();
    row.row.append(value);
    if (waits) {
      find(
          row,
          Found.ofText(taker, frame, start, row.row.textEnd(), valueOrder, startChar, hasElement));
    } else {
      row.add(taker, frame.group, start, row.row.textEnd(), frame.steps, startChar, hasElement);
    }
    limitValues(row.size());
  }

  /** A column takes a value, or will if something holds. */
  private void noteTaken(@Nullable Claim claim) {
    if (claim == null) {
      taken = true;
    } else {
      claims.add(claim);
    }
  }

  private void find(OpenRow row, Found found) {
    if (keeps(row)) {
      found.isKept = true;
      claims.add(found);
    }
    row.found.add(found);
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
        choose(row);
      }
    }
    if (element.fault == null && element.rest != null) {
      addRest(element, element.rest);
    }
    for (OpenRow row : element.rows) {
      if (element.fault == null) {
        row.complete(cursor.recordStart());
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

  /** Gives what no column has taken to the columns that are for that. */
  private void addRest(RowElement element, Rest rest) throws Fault {
    if (rest.leave()) {
      for (OpenRow row : element.rows) {
        Column column = row.table.columns().rest();
        if (column != null) {
          addRest(row, column, 0, rest.root());
        }
      }
    }
    for (Rest.Left left : rest.ofRecords()) {
      addRest(left.record().row(), left.record().column(), left.record().group(), left.element());
    }
  }

  private void addRest(OpenRow row, Column column, int group, ContentTree.Node left) throws Fault {
    RowElement element = row.element;
    try {
      String value =
          json(row.table.columns().mapping().names())
              .object(element.rest.tree(), left, cursor.maxRecordBytes());
      int start = row.row.textEnd();
      row.row.append(value);
      row.add(column, group, start, row.row.textEnd(), element.start);
    } catch (JsonText.TooLongException e) {
      element.fail(
          new Fault(
              RejectionReason.LIMIT_EXCEEDED, column.path() + " " + e.getMessage(), element.start));
    }
  }

  /** Puts into the row what had to wait. */
  private void choose(OpenRow row) throws Fault {
    if (!row.found.isEmpty() || !row.table.plansAtEnd().isEmpty()) {
      row.found.removeIf(found -> !found.isAccepted());
      new Choosing(row, this::ofRow).finish();
    }
    if (row.deletion != null && row.deletion.isAccepted()) {
      row.row.markAsDeletion();
    }
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
      case REST -> throw new IllegalStateException("the rest is known when all else is");
      case PATH -> levels.path(depth, row.table.columns().mapping().names());
    };
  }
}
