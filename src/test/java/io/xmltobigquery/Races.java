package io.xmltobigquery;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.xmltobigquery.files.FakeCloudStorage;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.outcome.Outcome;
import io.xmltobigquery.xml.RejectionReason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Objects that their owner overwrites and deletes while a job loads them, each before another
 * request of the job about it. All requests count that are about the object or what is made of it:
 * its held rows, its copy in the dead letter.
 *
 * <p>All contents of one object have the same length, so that a mixture of two has everything but
 * the right rows.
 */
final class Races {

  /** Where objects are put. */
  static final String INPUT = "gs://bucket/in/";

  static final String DEAD_LETTER = "gs://bucket/dead/";
  static final String TEMP = "gs://bucket/temp/";
  static final String MOVED = "gs://bucket/loaded/";

  private static final int FEW_ORDERS = 3;

  /** With a text each that makes more rows than are held in memory. */
  private static final int LONG_ORDERS = 50;

  private static final String LONG_TEXT = "x".repeat(22_000);

  private static final Pattern NAME = Pattern.compile("in/([^#]+\\.xml)");
  private static final Pattern HELD = Pattern.compile("-([0-9a-f]{16})-[^/]*\\.held");

  /**
   * What an object may have in it.
   *
   * @param customer of all orders
   * @param orders the number of rows, or 0 if it is bad
   */
  @SuppressWarnings("ArrayRecordComponent") // It is only read, and never compared.
  private record Content(byte[] bytes, String customer, int orders) {
    boolean isGood() {
      return orders > 0;
    }
  }

  /**
   * What kind of object it is.
   *
   * @param first what is there before the job
   * @param other what is as good or as bad
   * @param opposite what is bad if the first is good, and good if it is bad
   * @param requests how many requests there are about it if nobody does anything to it
   */
  record Scenario(String name, Content first, Content other, Content opposite, int requests) {}

  /** What an object's owner does to it at once. */
  private enum Step {
    DELETE,
    PUT_SAME,
    PUT_OTHER,
    PUT_OPPOSITE
  }

  /** What an object's owner does to it, each step one request later. */
  private enum Action {
    DELETE,
    OVERWRITE_WITH_SAME,
    OVERWRITE_WITH_OTHER,
    OVERWRITE_WITH_OPPOSITE,
    RECREATE_WITH_SAME,
    RECREATE_WITH_OTHER,
    RECREATE_WITH_OPPOSITE;

    List<Step> steps() {
      return switch (this) {
        case DELETE -> List.of(Step.DELETE);
        case OVERWRITE_WITH_SAME -> List.of(Step.PUT_SAME);
        case OVERWRITE_WITH_OTHER -> List.of(Step.PUT_OTHER);
        case OVERWRITE_WITH_OPPOSITE -> List.of(Step.PUT_OPPOSITE);
        case RECREATE_WITH_SAME -> List.of(Step.DELETE, Step.PUT_SAME);
        case RECREATE_WITH_OTHER -> List.of(Step.DELETE, Step.PUT_OTHER);
        case RECREATE_WITH_OPPOSITE -> List.of(Step.DELETE, Step.PUT_OPPOSITE);
      };
    }
  }

  private final FakeCloudStorage storage;
  private final Consumer<FileVersion> whenPut;
  private final Map<String, Race> byName = new ConcurrentHashMap<>();
  private final Map<String, Race> byDigest = new ConcurrentHashMap<>();

  /**
   * Gets ready.
   *
   * @param storage with a bucket {@code bucket}
   * @param whenPut is given every version that is put there while a job runs
   */
  Races(FakeCloudStorage storage, Consumer<FileVersion> whenPut) {
    this.storage = storage;
    this.whenPut = whenPut;
    storage.watch(this::request);
  }

  /** Puts objects there and waits for requests: a race for each request and each action. */
  void addAll(Scenario scenario) {
    addEvery(1, scenario);
  }

  /** The same for the last request and every third before it. */
  void addSome(Scenario scenario) {
    addEvery(3, scenario);
  }

  private void addEvery(int step, Scenario scenario) {
    for (Action action : Action.values()) {
      for (int number = scenario.requests(); number >= 1; number -= step) {
        add(new Race(scenario, action, number, 0));
      }
    }
    // There is no such request, so that this one is left alone.
    add(new Race(scenario, Action.DELETE, scenario.requests() + 1, 0));
  }

  /**
   * The same, but the connection of a download breaks, and something is done before the client asks
   * for the rest.
   *
   * @param broken the number of the request, from 1, that is the download
   */
  void addAllWithBrokenDownload(Scenario scenario, int broken) {
    for (Action action : Action.values()) {
      add(new Race(scenario, action, broken + 1, broken));
    }
    add(new Race(scenario, Action.DELETE, scenario.requests() + 1, broken));
  }

  private void add(Race race) {
    byName.put(race.name(), race);
    race.put(race.scenario.first());
  }

  /** All versions that were there at any time. */
  List<FileVersion> versions() {
    return byName.values().stream().flatMap(race -> race.versions().stream()).toList();
  }

  /** What may become of an object, since none is in an archive. */
  static Set<Outcome> possibleOutcomes() {
    return EnumSet.complementOf(EnumSet.of(Outcome.LEFT_OUT));
  }

  /** How many races there are. */
  int count() {
    return byName.size();
  }

  private @Nullable Integer request(String uri) {
    Matcher held = HELD.matcher(uri);
    Matcher name = NAME.matcher(uri);
    Race race =
        held.find() ? byDigest.get(held.group(1)) : name.find() ? byName.get(name.group(1)) : null;
    return race == null ? null : race.request();
  }

  /** One object, and what happens to it. */
  private final class Race {
    private final Scenario scenario;
    private final Action action;
    private final int number;
    private final int broken;
    private final Map<FileVersion, Content> versions = new LinkedHashMap<>();
    private @Nullable FileVersion live;
    private int requests;
    private int stepsDone;

    Race(Scenario scenario, Action action, int number, int broken) {
      this.scenario = scenario;
      this.action = action;
      this.number = number;
      this.broken = broken;
    }

    String name() {
      return scenario.name() + "-" + action + "-" + number + (broken > 0 ? "-broken" : "") + ".xml";
    }

    String uri() {
      return INPUT + name();
    }

    synchronized @Nullable Integer request() {
      requests++;
      if (stepsDone < action.steps().size() && requests >= number + stepsDone) {
        switch (action.steps().get(stepsDone)) {
          case DELETE -> {
            storage.delete(uri());
            live = null;
          }
          case PUT_SAME -> whenPut.accept(put(scenario.first()));
          case PUT_OTHER -> whenPut.accept(put(scenario.other()));
          case PUT_OPPOSITE -> whenPut.accept(put(scenario.opposite()));
        }
        stepsDone++;
      }
      return requests == broken ? scenario.first().bytes().length / 2 : null;
    }

    synchronized FileVersion put(Content content) {
      FileVersion version = storage.put(uri(), content.bytes());
      byDigest.put(version.digest(), this);
      versions.put(version, content);
      live = version;
      return version;
    }

    /** Those that were there at any time. */
    synchronized List<FileVersion> versions() {
      return List.copyOf(versions.keySet());
    }

    synchronized Content content(String generation) {
      return versions.entrySet().stream()
          .filter(version -> version.getKey().generation().equals(generation))
          .map(Map.Entry::getValue)
          .findFirst()
          .orElseThrow(() -> new AssertionError(this + " has no generation " + generation));
    }

    synchronized @Nullable FileVersion live() {
      return live;
    }

    /** At the wanted request, if there is one. */
    boolean wentAsPlanned() {
      return hasHappened() == (number <= scenario.requests());
    }

    private synchronized boolean hasHappened() {
      return stepsDone > 0;
    }

    synchronized boolean wasDeleted() {
      return action.steps().subList(0, stepsDone).contains(Step.DELETE);
    }

    @Override
    public String toString() {
      return name() + " (" + requests + " requests)";
    }
  }

  /** What a job said of each race, and in the end what it did. */
  private static final class Loaded {
    private final Map<String, List<ObjectNode>> outcomes = new HashMap<>();
    private final Map<String, Map<String, List<String>>> orders = new HashMap<>();

    Loaded(Tables tables) throws IOException {
      tables.read(
          "file_loads",
          load ->
              outcomes
                  .computeIfAbsent(load.get("uri").textValue(), uri -> new ArrayList<>())
                  .add(load));
    }

    /** Reads the rows, which are too many to be read again and again while a test waits. */
    void readOrders(Tables tables) throws IOException {
      tables.read(
          "orders",
          row -> {
            JsonNode file = row.get("_file");
            orders
                .computeIfAbsent(file.get("uri").textValue(), uri -> new TreeMap<>())
                .computeIfAbsent(
                    file.get("generation").textValue(), generation -> new ArrayList<>())
                .add(order(row.get("CustomerID").textValue(), row.get("EmployeeID").textValue()));
          });
    }

    List<ObjectNode> outcomes(Race race) {
      return outcomes.getOrDefault(race.uri(), List.of());
    }

    /** By generation. */
    Map<String, List<String>> orders(Race race) {
      return orders.getOrDefault(race.uri(), Map.of());
    }
  }

  private static String order(String customer, String employee) {
    return customer + " " + employee;
  }

  /** Whether each version that was ever there has an outcome. Not each has one in a backfill. */
  boolean allHaveOutcomes(Tables tables) throws IOException {
    Loaded loaded = new Loaded(tables);
    return byName.values().stream()
        .allMatch(race -> loaded.outcomes(race).size() == race.versions().size());
  }

  /**
   * Whether exactly those objects are there that should be, by the outcomes of all races.
   *
   * @param clears see {@link #check}
   */
  boolean isTidy(Tables tables, boolean clears) throws IOException {
    return Set.copyOf(storage.objects()).equals(expectedObjects(new Loaded(tables), clears));
  }

  /**
   * Checks all races, when nothing happens any more.
   *
   * @param clears whether the job deletes or moves what it has accepted; what it has rejected, it
   *     deletes
   * @return how often there was which outcome
   */
  Map<Outcome, Integer> check(Tables tables, boolean clears) throws IOException {
    Loaded loaded = new Loaded(tables);
    loaded.readOrders(tables);
    Map<Outcome, Integer> found = new TreeMap<>();
    assertWithMessage("something happened where it shouldn't, or the other way round")
        .that(byName.values().stream().filter(race -> !race.wentAsPlanned()).toList())
        .isEmpty();
    for (Race race : byName.values()) {
      Map<String, Outcome> outcomes = new TreeMap<>();
      for (ObjectNode load : loaded.outcomes(race)) {
        Outcome outcome = outcome(load);
        found.merge(outcome, 1, Integer::sum);
        assertWithMessage("%s has two outcomes", race)
            .that(outcomes.put(generation(load), outcome))
            .isNull();
      }
      assertWithMessage("%s: outcomes", race).that(outcomes).isNotEmpty();
      for (ObjectNode load : loaded.outcomes(race)) {
        check(race, load, outcomes, loaded.orders(race));
      }
    }
    assertThat(storage.objects()).containsExactlyElementsIn(expectedObjects(loaded, clears));
    return found;
  }

  /**
   * Checks an outcome and its rows.
   *
   * @param outcomes of all versions of the object, by generation
   * @param orders of all versions of the object, by generation
   */
  private void check(
      Race race, ObjectNode load, Map<String, Outcome> outcomes, Map<String, List<String>> orders) {
    String about = race + ": " + load;
    String generation = generation(load);
    Outcome outcome = outcome(load);
    assertWithMessage(about)
        .that(orders.containsKey(generation))
        .isEqualTo(outcome == Outcome.ACCEPTED);
    switch (outcome) {
      case ACCEPTED -> {
        Content content = race.content(generation);
        assertWithMessage(about)
            .that(orders.get(generation))
            .containsExactlyElementsIn(
                IntStream.rangeClosed(1, content.orders())
                    .mapToObj(employee -> order(content.customer(), "" + employee))
                    .toList());
      }
      case REJECTED -> {
        assertWithMessage(about).that(race.content(generation).isGood()).isFalse();
        assertWithMessage(about)
            .that(load.get("reason").textValue())
            .isEqualTo(RejectionReason.CONTENT_AFTER_ROOT.name());
      }
      case SUPERSEDED -> assertWithMessage(about).that(race.versions()).hasSize(2);
      case LEFT_OUT -> throw new AssertionError(about + ": it isn't in an archive");
      case MISSING ->
          // Deleted by its owner, or by the job, which had rejected what was in its place.
          assertWithMessage(about)
              .that(race.wasDeleted() || outcomes.containsValue(Outcome.REJECTED))
              .isTrue();
    }
  }

  private Set<String> expectedObjects(Loaded loaded, boolean clears) {
    Set<String> found = Set.copyOf(storage.objects());
    Set<String> expected = new TreeSet<>();
    for (Race race : byName.values()) {
      FileVersion stays = race.live();
      for (ObjectNode load : loaded.outcomes(race)) {
        String generation = generation(load);
        boolean isLive = stays != null && stays.generation().equals(generation);
        Outcome outcome = outcome(load);
        String name = race.uri().substring("gs://".length()) + "#" + generation;
        if (outcome == Outcome.ACCEPTED && clears && found.contains(MOVED + name)) {
          expected.add(hasContent(MOVED + name, race.content(generation)));
        }
        String copy = DEAD_LETTER + "files/" + name;
        if (outcome == Outcome.REJECTED) {
          expected.add(copy + ".error.json");
          // Only its owner can have taken it away before it was copied.
          if (isLive || found.contains(copy)) {
            expected.add(hasContent(copy, race.content(generation)));
          }
        }
        if (isLive && (outcome == Outcome.REJECTED || (outcome == Outcome.ACCEPTED && clears))) {
          stays = null;
        }
      }
      if (stays != null) {
        expected.add(race.uri());
      }
    }
    return expected;
  }

  private String hasContent(String uri, Content content) {
    assertThat(storage.content(uri)).isEqualTo(content.bytes());
    return uri;
  }

  private static String generation(ObjectNode load) {
    return load.get("generation").textValue();
  }

  private static Outcome outcome(ObjectNode load) {
    return Outcome.valueOf(load.get("outcome").textValue());
  }

  /**
   * A document of the default mapping.
   *
   * @param customer of all orders, 6 bytes in UTF-8
   * @param text in each order, which makes it long
   */
  private static String document(String customer, int orders, String text) {
    return Documents.ordersOf(
        IntStream.rangeClosed(1, orders)
            .mapToObj(Documents::order)
            .map(order -> order.replace("KØBEN", customer).replace(">H<", ">H" + text + "<"))
            .collect(Collectors.joining()));
  }

  static Scenario small(int requests) {
    return good("small", FEW_ORDERS, "", bytes -> bytes, requests);
  }

  static Scenario large(int requests) {
    return good("large", LONG_ORDERS, LONG_TEXT, bytes -> bytes, requests);
  }

  static Scenario gzip(int requests) {
    return good("gzip", LONG_ORDERS, LONG_TEXT, Documents::uncompressedGzip, requests);
  }

  static Scenario smallGzip(int requests) {
    return good("small-gzip", LONG_ORDERS, LONG_TEXT, Documents::gzip, requests);
  }

  static Scenario bad(int requests) {
    return bad("bad", FEW_ORDERS, "", requests);
  }

  static Scenario largeBad(int requests) {
    return bad("large-bad", LONG_ORDERS, LONG_TEXT, requests);
  }

  static Scenario good(
      String name, int orders, String text, UnaryOperator<byte[]> compression, int requests) {
    return new Scenario(
        name,
        content("KØBEN", orders, true, text, compression),
        content("ODENSE", orders, true, text, compression),
        content("ÅRHUS", orders, false, text, compression),
        requests);
  }

  static Scenario bad(String name, int orders, String text, int requests) {
    return new Scenario(
        name,
        content("KØBEN", orders, false, text, bytes -> bytes),
        content("ODENSE", orders, false, text, bytes -> bytes),
        content("ÅRHUS", orders, true, text, bytes -> bytes),
        requests);
  }

  private static Content content(
      String customer, int orders, boolean good, String text, UnaryOperator<byte[]> compression) {
    byte[] document = Documents.utf8(document(customer, orders, text) + (good ? " " : "!"));
    return new Content(compression.apply(document), customer, good ? orders : 0);
  }
}
