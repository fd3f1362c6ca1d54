package io.xmltobigquery.mapping;

import io.xmltobigquery.mapping.Expression.Nodes;
import io.xmltobigquery.mapping.Path.Anchor;
import io.xmltobigquery.mapping.Path.From;
import io.xmltobigquery.mapping.Path.Predicate;
import io.xmltobigquery.mapping.Path.Step;
import io.xmltobigquery.mapping.Path.Take;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;

/**
 * Parses the paths of one table mapping: XPath 1.0 in its abbreviated syntax, the part of it that
 * can be answered while a document is read, and functions of our own whose names begin with {@code
 * row:}. What is XPath beyond that is refused by name, with what to write instead.
 */
final class SourceParser {

  /** A path that can't be understood; the message says what to write. */
  static final class InvalidPathSyntaxException extends Exception {

    private static final long serialVersionUID = 1L;

    InvalidPathSyntaxException(String message) {
      super(message);
    }
  }

  // NCName of Namespaces in XML 1.0, by the character classes of XML 1.0 (fifth edition).
  private static final String NAME_START =
      "A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D"
          + "\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD"
          + "\\x{10000}-\\x{EFFFF}";
  private static final String NAME_REST = "\\-.0-9\\u00B7\\u0300-\\u036F\\u203F\\u2040";
  private static final Pattern NAME =
      Pattern.compile("[" + NAME_START + "][" + NAME_START + NAME_REST + "]*");
  private static final Pattern URI = Pattern.compile("Q?\\{(?<uri>[^{}]*)}");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");
  private static final Pattern FUNCTION =
      Pattern.compile("(?<name>(?:row:)?[a-zA-Z][-a-zA-Z0-9]*)\\s*\\(");
  private static final Pattern AXIS = Pattern.compile("(?<name>[a-z][-a-z]*)\\s*::");

  /** What to write instead of what XPath has besides. */
  private static final Map<String, String> AXES =
      Map.ofEntries(
          Map.entry("child", "write the name alone"),
          Map.entry("attribute", "write @ and the name"),
          Map.entry("self", "write a single dot"),
          Map.entry("parent", "write .."),
          Map.entry("descendant", "write .// before the name"),
          Map.entry("descendant-or-self", "write .// before the name"),
          Map.entry("ancestor-or-self", "write ancestor:: for the elements around the row"),
          Map.entry("following", "a reader can't look there; read both as tables and join them"),
          Map.entry("preceding", "a reader can't look there; read both as tables and join them"),
          Map.entry("following-sibling", "write ../name for what stands beside the row"),
          Map.entry("preceding-sibling", "write ../name for what stands beside the row"),
          Map.entry("namespace", "write namespace-uri()"));

  private static final Map<String, String> FUNCTIONS =
      Map.ofEntries(
          Map.entry("name", "it has the document's prefix; write local-name() or namespace-uri()"),
          Map.entry("position", "write [1], or row:position() for the row's own"),
          Map.entry("count", "count in SQL"),
          Map.entry("sum", "add up in SQL"),
          Map.entry("number", "give the column a type"),
          Map.entry("boolean", "give the column a type"),
          Map.entry("contains", "compare with = or make it a column and filter in SQL"),
          Map.entry("starts-with", "compare with = or make it a column and filter in SQL"),
          Map.entry("id", "make both sides tables and join them in SQL"),
          Map.entry("substring", "cut in SQL"),
          Map.entry("translate", "replace in SQL"));

  private final Namespaces namespaces;
  private String text = "";
  private int at;

  /** Parses names with the prefixes of a mapping. */
  SourceParser(Namespaces namespaces) {
    this.namespaces = namespaces;
  }

  /** The child element of the column's own name. */
  Source defaultSource(String columnName) {
    NameTest name = namespaces.test("", columnName);
    Path path =
        new Path(Anchor.SELF, List.of(new Step(false, name, List.of())), false, Take.ELEMENT, null);
    return Source.of(List.of(new Nodes(List.of(path), 0)), columnName);
  }

  /** Parses the source of a column. */
  Source parseSource(String path) throws InvalidPathSyntaxException {
    return Source.of(List.of(parseExpression(path)), path);
  }

  /** Parses a member of a list of sources. */
  Expression parseExpression(String path) throws InvalidPathSyntaxException {
    start(path);
    Expression expression = expression();
    end();
    return expression;
  }

  /** Parses the paths of a table's records. */
  List<Path> parseRecord(String path) throws InvalidPathSyntaxException {
    start(path);
    List<Path> paths = new ArrayList<>();
    do {
      space();
      if (!text.startsWith("/", at)) {
        throw error("must start at the root element: write it as /Root/Item");
      }
      boolean anyDepth = text.startsWith("//", at);
      at += anyDepth ? 2 : 1;
      Path record = steps(Anchor.ROOT, anyDepth);
      if (record.take() != Take.ELEMENT || record.anyDepth()) {
        throw error("is no element: a record is one");
      }
      for (Step step : record.steps()) {
        for (Predicate predicate : step.predicates()) {
          if (!predicate.isKnownAtStart() || predicate instanceof Path.Position) {
            throw error(
                "a record is chosen by its attributes only: make what is asked for a column and"
                    + " filter in SQL");
          }
        }
      }
      paths.add(record);
      space();
    } while (take("|"));
    end();
    return paths;
  }

  /** Parses a condition on an element: what may stand in brackets, but for positions. */
  Predicate parseCondition(String condition) throws InvalidPathSyntaxException {
    start(condition);
    Predicate predicate = or();
    end();
    return predicate;
  }

  private void start(String path) {
    text = path;
    at = 0;
  }

  private void end() throws InvalidPathSyntaxException {
    space();
    if (at < text.length()) {
      if (text.charAt(at) == '[') {
        throw error("brackets stand behind a name, or behind a path in parentheses");
      }
      throw unexpected("an operator or the end");
    }
  }

  private Expression expression() throws InvalidPathSyntaxException {
    space();
    if (isLiteral()) {
      return new Expression.Literal(literal());
    }
    Matcher function = FUNCTION.matcher(text).region(at, text.length());
    if (function.lookingAt() && !function.group("name").equals("text")) {
      return function(function.group("name"), function.end());
    }
    return union();
  }

  private Nodes union() throws InvalidPathSyntaxException {
    List<Path> paths = new ArrayList<>();
    space();
    if (take("(")) {
      Nodes inner = union();
      expect(")");
      space();
      if (take("[")) {
        Predicate pick = predicate();
        int number = pick instanceof Path.Position position ? position.number() : Nodes.LAST;
        if (!(pick instanceof Path.Position || pick instanceof Path.Last)) {
          throw error("behind parentheses only [1], another number or [last()] may stand");
        }
        if (inner.pick() != 0) {
          throw error("one choice of a node is enough: remove one pair of brackets");
        }
        inner = new Nodes(inner.paths(), number);
      }
      space();
      if (text.startsWith("/", at)) {
        throw error("a path doesn't go on behind parentheses: write the whole path in them");
      }
      if (inner.pick() != 0 || !text.startsWith("|", at)) {
        return inner;
      }
      paths.addAll(inner.paths());
    } else {
      paths.add(path());
    }
    while (true) {
      space();
      if (!take("|")) {
        return new Nodes(paths, 0);
      }
      space();
      paths.add(path());
    }
  }

  private Expression function(String name, int open) throws InvalidPathSyntaxException {
    if (FUNCTIONS.containsKey(name)) {
      throw error(name + "() isn't supported: " + FUNCTIONS.get(name));
    }
    int start = at;
    at = open;
    space();
    Expression value =
        switch (name) {
          case "string" -> taking(Take.WHOLE_TEXT);
          case "local-name" -> taking(Take.LOCAL_NAME);
          case "namespace-uri" -> taking(Take.NAMESPACE_URI);
          case "concat" -> concat();
          case "row:key" -> new Expression.OfRow(Expression.RowValue.KEY, up());
          case "row:position" -> new Expression.OfRow(Expression.RowValue.POSITION, up());
          case "row:depth" -> new Expression.OfRow(Expression.RowValue.DEPTH, Anchor.SELF);
          case "row:rest" -> new Expression.OfRow(Expression.RowValue.REST, Anchor.SELF);
          case "row:path" -> new Expression.OfRow(Expression.RowValue.PATH, Anchor.SELF);
          default -> {
            at = start;
            throw error(
                name
                    + "() isn't supported: there are string, local-name, namespace-uri, concat,"
                    + " row:key, row:position, row:depth, row:path and row:rest");
          }
        };
    expect(")");
    return value;
  }

  private Anchor up() throws InvalidPathSyntaxException {
    space();
    if (text.startsWith(")", at)) {
      return Anchor.SELF;
    }
    Path path = path();
    Anchor anchor = path.anchor();
    if (!path.steps().isEmpty()
        || path.take() != Take.ELEMENT
        || (anchor.from() == From.ANCESTOR && !anchor.nearest())) {
      throw error("takes .., ../.. or ancestor::Name[1]");
    }
    return anchor;
  }

  private Nodes taking(Take take) throws InvalidPathSyntaxException {
    space();
    if (take != Take.WHOLE_TEXT && text.startsWith(")", at)) {
      return new Nodes(List.of(new Path(Anchor.SELF, List.of(), false, take, null)), 0);
    }
    Nodes nodes = union();
    List<Path> paths = new ArrayList<>();
    for (Path path : nodes.paths()) {
      if (path.take() == Take.ATTRIBUTE && take == Take.WHOLE_TEXT) {
        throw error("an attribute is a string already: write it alone");
      }
      if (path.take() != Take.ELEMENT) {
        throw error("takes an element");
      }
      paths.add(new Path(path.anchor(), path.steps(), false, take, null));
    }
    return new Nodes(paths, nodes.pick());
  }

  private Expression concat() throws InvalidPathSyntaxException {
    List<Expression> parts = new ArrayList<>();
    Anchor place = null;
    do {
      Expression part = expression();
      if (!(part instanceof Nodes || part instanceof Expression.Literal)) {
        throw error("concat() takes paths and texts");
      }
      for (Nodes nodes : part.nodes().toList()) {
        for (Path path : nodes.paths()) {
          if (place != null && !place.equals(path.anchor())) {
            throw error("the parts of concat() stand in one place: the row, or one ancestor");
          }
          place = path.anchor();
        }
      }
      parts.add(part);
      space();
    } while (take(","));
    if (place == null) {
      throw error("concat() needs a path");
    }
    return new Expression.Concat(parts);
  }

  private Path path() throws InvalidPathSyntaxException {
    space();
    if (text.startsWith("//", at)) {
      throw error("// at the start is the whole document: write .// for what is in the row");
    }
    Anchor anchor = Anchor.SELF;
    if (text.startsWith("/", at)) {
      at++;
      return steps(Anchor.ROOT, false);
    }
    if (take("..")) {
      int up = 1;
      while (take("/..")) {
        up++;
      }
      anchor = Anchor.parent(up);
    } else if (text.startsWith(".", at)) {
      at++;
    } else if (text.startsWith("ancestor::", at)) {
      at += "ancestor::".length();
      NameTest name = nameTest(true);
      anchor = Anchor.ancestor(name, take("[1]"));
    } else {
      return steps(anchor, false);
    }
    if (take("//")) {
      return steps(anchor, true);
    }
    if (take("/")) {
      return steps(anchor, false);
    }
    if (text.startsWith("[", at)) {
      throw error("a dot takes no brackets: put them behind a name");
    }
    return new Path(anchor, List.of(), false, Take.ELEMENT, null);
  }

  private Path steps(Anchor anchor, boolean firstAnyDepth) throws InvalidPathSyntaxException {
    List<Step> steps = new ArrayList<>();
    boolean anyDepth = firstAnyDepth;
    while (true) {
      if (text.startsWith("@", at)) {
        at++;
        NameTest attribute = nameTest(false);
        if (text.startsWith("[", at)) {
          throw error("an attribute takes no brackets");
        }
        if (text.startsWith("/", at)) {
          throw error("an attribute has nothing in it: it is the last step");
        }
        return new Path(anchor, steps, anyDepth, Take.ATTRIBUTE, attribute);
      }
      if (text.startsWith("text()", at)) {
        at += "text()".length();
        return new Path(anchor, steps, anyDepth, Take.TEXT_NODES, null);
      }
      if (text.startsWith("..", at)) {
        throw error(".. stands at the start of a path only");
      }
      if (text.startsWith("(", at)) {
        throw error("a/(b|c) isn't supported: write a/b | a/c");
      }
      Matcher function = FUNCTION.matcher(text).region(at, text.length());
      if (function.lookingAt()) {
        String name = function.group("name");
        throw error("a/" + name + "() isn't supported: write " + name + "(a)");
      }
      NameTest name = nameTest(true);
      steps.add(new Step(anyDepth, name, predicates()));
      if (!text.startsWith("/", at)) {
        return new Path(anchor, steps, false, Take.ELEMENT, null);
      }
      anyDepth = text.startsWith("//", at);
      at += anyDepth ? 2 : 1;
    }
  }

  private List<Predicate> predicates() throws InvalidPathSyntaxException {
    List<Predicate> predicates = new ArrayList<>();
    while (take("[")) {
      Predicate predicate = predicate();
      boolean counts = predicate instanceof Path.Position || predicate instanceof Path.Last;
      if (counts && !predicates.stream().allMatch(Predicate::isKnownAtStart)) {
        throw error(
            "a position among those for which something else holds isn't supported: write (path)[1]"
                + " around the whole path");
      }
      predicates.add(predicate);
      space();
    }
    return predicates;
  }

  /** What stands in brackets, with the one that closes. */
  private Predicate predicate() throws InvalidPathSyntaxException {
    space();
    Predicate predicate;
    Matcher number = NUMBER.matcher(text).region(at, text.length());
    if (number.lookingAt()) {
      at = number.end();
      if (number.group().length() > 9 || Integer.parseInt(number.group()) == 0) {
        throw error("positions begin with 1");
      }
      predicate = new Path.Position(Integer.parseInt(number.group()));
    } else if (take("last()")) {
      predicate = new Path.Last();
    } else {
      predicate = or();
    }
    expect("]");
    return predicate;
  }

  private Predicate or() throws InvalidPathSyntaxException {
    List<Predicate> any = new ArrayList<>();
    do {
      any.add(and());
    } while (takeWord("or"));
    return any.size() == 1 ? any.get(0) : new Path.Or(any);
  }

  private Predicate and() throws InvalidPathSyntaxException {
    List<Predicate> all = new ArrayList<>();
    do {
      all.add(condition());
    } while (takeWord("and"));
    return all.size() == 1 ? all.get(0) : new Path.And(all);
  }

  private Predicate condition() throws InvalidPathSyntaxException {
    space();
    if (take("(")) {
      Predicate inner = or();
      expect(")");
      return inner;
    }
    Matcher function = FUNCTION.matcher(text).region(at, text.length());
    if (function.lookingAt() && !function.group("name").equals("text")) {
      String name = function.group("name");
      if (name.equals("not")) {
        at = function.end();
        Predicate inner = or();
        expect(")");
        return new Path.Not(inner);
      }
      if (name.equals("local-name")) {
        at = function.end();
        expect(")");
        return new Path.HasLocalName(compared());
      }
      if (name.equals("normalize-space")) {
        at = function.end();
        Path path = operand();
        expect(")");
        return new Path.Equals(path, compared(), true);
      }
      throw error(
          name
              + "() isn't supported in brackets: "
              + FUNCTIONS.getOrDefault(name, "there are not, local-name and normalize-space"));
    }
    Path path = operand();
    space();
    if (text.startsWith("!=", at)) {
      throw error("!= isn't supported: write not(path = 'text')");
    }
    if (text.startsWith("<", at) || text.startsWith(">", at)) {
      throw error("numbers aren't compared: make it a column and filter in SQL");
    }
    return text.startsWith("=", at)
        ? new Path.Equals(path, compared(), false)
        : new Path.Exists(path);
  }

  private Path operand() throws InvalidPathSyntaxException {
    space();
    Path path = path();
    if (!path.anchor().isSelf() || path.steps().stream().anyMatch(s -> !s.predicates().isEmpty())) {
      throw error("in brackets stand paths from the element itself, without brackets in them");
    }
    return path;
  }

  private String compared() throws InvalidPathSyntaxException {
    expect("=");
    space();
    if (!isLiteral()) {
      throw error("only a text can be compared with: write = 'text'");
    }
    return literal();
  }

  private boolean isLiteral() {
    return text.startsWith("'", at) || text.startsWith("\"", at);
  }

  private String literal() throws InvalidPathSyntaxException {
    int end = text.indexOf(text.charAt(at), at + 1);
    if (end < 0) {
      throw error("a quote is missing");
    }
    String value = text.substring(at + 1, end);
    at = end + 1;
    return value;
  }

  private NameTest nameTest(boolean element) throws InvalidPathSyntaxException {
    Matcher axis = AXIS.matcher(text).region(at, text.length());
    if (axis.lookingAt()) {
      String name = axis.group("name");
      throw error(
          name.equals("ancestor")
              ? "ancestor:: stands at the start of a path only"
              : name + ":: isn't supported: " + AXES.getOrDefault(name, "write the name alone"));
    }
    Matcher uri = URI.matcher(text).region(at, text.length());
    if (uri.lookingAt()) {
      if (uri.group("uri").equals("*")) {
        throw error("{*} isn't supported: write *: before the name");
      }
      at = uri.end();
      return possible(new NameTest(List.of(uri.group("uri")), take("*") ? null : name()));
    }
    if (take("*")) {
      return new NameTest(null, take(":") ? name() : null);
    }
    int start = at;
    String name = name();
    if (!text.startsWith(":", at) || text.startsWith("::", at)) {
      return possible(element ? namespaces.test("", name) : new NameTest(List.of(""), name));
    }
    at++;
    String local = take("*") ? null : name();
    if (name.equals(XMLConstants.XMLNS_ATTRIBUTE)) {
      throw declaration();
    }
    if (!namespaces.knows(name)) {
      throw new InvalidPathSyntaxException(
          DocumentObject.quote(text.substring(start, at))
              + " has a prefix that isn't declared: add it to the mapping's \"namespaces\", or write"
              + " {namespace URI}name");
    }
    return namespaces.test(name, local);
  }

  /** A name that some element or attribute may have. */
  private NameTest possible(NameTest name) throws InvalidPathSyntaxException {
    if (XMLConstants.XMLNS_ATTRIBUTE.equals(name.local())
        || (name.namespaces() != null
            && name.namespaces().contains(XMLConstants.XMLNS_ATTRIBUTE_NS_URI))) {
      throw declaration();
    }
    return name;
  }

  private InvalidPathSyntaxException declaration() {
    return error(
        "declares a namespace and is no attribute, so it would never have a value: write"
            + " namespace-uri(), or remove the column");
  }

  private String name() throws InvalidPathSyntaxException {
    Matcher name = NAME.matcher(text).region(at, text.length());
    if (!name.lookingAt()) {
      throw unexpected("a name");
    }
    at = name.end();
    return name.group();
  }

  private void space() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private boolean take(String token) {
    if (text.startsWith(token, at)) {
      at += token.length();
      return true;
    }
    return false;
  }

  private boolean takeWord(String word) {
    space();
    return take(word);
  }

  private void expect(String token) throws InvalidPathSyntaxException {
    space();
    if (!take(token)) {
      throw unexpected(token);
    }
  }

  private InvalidPathSyntaxException unexpected(String expected) {
    return error(
        at < text.length()
            ? "expected " + expected + " at character " + (at + 1)
            : "ends where " + expected + " is expected");
  }

  private InvalidPathSyntaxException error(String message) {
    return new InvalidPathSyntaxException(DocumentObject.quote(text) + ": " + message);
  }
}
