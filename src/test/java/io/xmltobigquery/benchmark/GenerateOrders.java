package io.xmltobigquery.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Writes customers-and-orders files of any size: the benchmark's input, valid under {@code
 * sample-data/customer_orders.xsd}. The same seed and size always give the same bytes.
 *
 * <p>One file, or many small ones:
 *
 * <pre>
 * GenerateOrders --megabytes 1000 --seed 1 --output FILE
 * GenerateOrders --files 2000 --kilobytes 15 --seed 1 --directory DIR
 * </pre>
 *
 * What was written is counted in {@code FILE.json} or {@code DIR.json}, which comes last: its
 * presence says that the data is complete. A megabyte is 1,000,000 bytes.
 *
 * <p>About one value in ten has characters beyond ASCII, in the mixture of a company that trades
 * with Europe and East Asia; optional fields are there half the time.
 */
public final class GenerateOrders {

  /** What a file, or a directory of files, contains. */
  public record Counts(long bytes, long customers, long orders) {

    Counts plus(Counts other) {
      return new Counts(bytes + other.bytes, customers + other.customers, orders + other.orders);
    }
  }

  /**
   * The part of the bytes that the first section gets, so that a customer has about five orders.
   */
  private static final double CUSTOMERS_SHARE = 0.14;

  private static final Tag COMPANY_NAME = new Tag("      ", "CompanyName");
  private static final Tag CONTACT_NAME = new Tag("      ", "ContactName");
  private static final Tag CONTACT_TITLE = new Tag("      ", "ContactTitle");
  private static final Tag PHONE = new Tag("      ", "Phone");
  private static final Tag FAX = new Tag("      ", "Fax");
  private static final Tag ADDRESS = new Tag("        ", "Address");
  private static final Tag CITY = new Tag("        ", "City");
  private static final Tag REGION = new Tag("        ", "Region");
  private static final Tag POSTAL_CODE = new Tag("        ", "PostalCode");
  private static final Tag COUNTRY = new Tag("        ", "Country");
  private static final Tag CUSTOMER_ID = new Tag("      ", "CustomerID");
  private static final Tag EMPLOYEE_ID = new Tag("      ", "EmployeeID");
  private static final Tag ORDER_DATE = new Tag("      ", "OrderDate");
  private static final Tag REQUIRED_DATE = new Tag("      ", "RequiredDate");
  private static final Tag SHIP_VIA = new Tag("        ", "ShipVia");
  private static final Tag FREIGHT = new Tag("        ", "Freight");
  private static final Tag SHIP_NAME = new Tag("        ", "ShipName");
  private static final Tag SHIP_ADDRESS = new Tag("        ", "ShipAddress");
  private static final Tag SHIP_CITY = new Tag("        ", "ShipCity");
  private static final Tag SHIP_REGION = new Tag("        ", "ShipRegion");
  private static final Tag SHIP_POSTAL_CODE = new Tag("        ", "ShipPostalCode");
  private static final Tag SHIP_COUNTRY = new Tag("        ", "ShipCountry");

  private static final byte[] FILE_START =
      utf8("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Root>\n  <Customers>\n");
  private static final byte[] BETWEEN_SECTIONS = utf8("  </Customers>\n  <Orders>\n");
  private static final byte[] FILE_END = utf8("  </Orders>\n</Root>\n");
  private static final byte[] CUSTOMER_START = utf8("    <Customer CustomerID=\"");
  private static final byte[] FULL_ADDRESS_START = utf8("      <FullAddress>\n");
  private static final byte[] FULL_ADDRESS_START_WITH_ID = utf8("      <FullAddress CustomerID=\"");
  private static final byte[] START_TAG_END = utf8("\">\n");
  private static final byte[] CUSTOMER_END = utf8("      </FullAddress>\n    </Customer>\n");
  private static final byte[] ORDER_START = utf8("    <Order>\n");
  private static final byte[] SHIP_INFO_START = utf8("      <ShipInfo>\n");
  private static final byte[] SHIP_INFO_START_WITH_DATE = utf8("      <ShipInfo ShippedDate=\"");
  private static final byte[] ORDER_END = utf8("      </ShipInfo>\n    </Order>\n");

  /** Half of the companies have an ampersand, which a parser must decode. */
  private static final byte[][] COMPANY_ENDINGS =
      utf8(
          List.of(
              " &amp; Sons",
              " &amp; Co.",
              " &amp; Daughters Trading",
              " &amp; Partners",
              " Provisions Ltd",
              " Wholesale",
              " Fine Foods",
              " Import Export"));

  private static final byte[][] TITLES =
      utf8(
          List.of(
              "Owner",
              "Sales Representative",
              "Head of Purchasing",
              "Operations Manager",
              "Marketing Manager",
              "Order Administrator",
              "Accounting Manager",
              "Assistant Sales Agent"));

  private static final byte[] SPACE = utf8(" ");
  private static final byte[] POINT = utf8(".");
  private static final byte[] EMOJI = utf8(" \uD83C\uDF4B");
  private static final byte[] CHARACTER_REFERENCE = utf8(" Caf&#233;");
  private static final byte[] ESCAPED_LESS_THAN = utf8(", gate 2 (&lt; 3.5 t)");

  private static final byte[][] DATE_TIMES = dateTimes();

  private static final List<Market> ENGLISH_MARKETS =
      List.of(
          new Market(
              "USA",
              "(505) 555-",
              List.of("Marisol", "Walter", "Denise", "Carter", "Joanna"),
              List.of("Whitfield", "Okafor", "Delgado", "Brandt", "Sorensen", "Lindqvist"),
              List.of("Cottonwood Bend NE", "Harbor Street", "Mill Creek Road", "12th Avenue"),
              List.of("Albuquerque", "Portland", "Duluth", "Savannah"),
              List.of("NM", "OR", "MN", "GA")),
          new Market(
              "United Kingdom",
              "+44 117 496 ",
              List.of("Imogen", "Rupert", "Aisha", "Graham"),
              List.of("Oake", "Hartwell", "Pemberton", "Achebe", "Thistlewood"),
              List.of("Tallow Wharf", "Cannon Lane", "Station Approach", "Weavers Row"),
              List.of("Bristol", "Leeds", "Swansea", "Inverness"),
              List.of("England", "England", "Wales", "Scotland")),
          new Market(
              "Netherlands",
              "+31 20 555 ",
              List.of("Pieter", "Femke", "Joost", "Saskia"),
              List.of("van der Berg", "de Groot", "Kuipers", "Hoekstra"),
              List.of("Keizersgracht", "Stationsweg", "Molenstraat", "Havenkade"),
              List.of("Amsterdam", "Utrecht", "Haarlem", "Rotterdam"),
              List.of("Noord-Holland", "Utrecht", "Noord-Holland", "Zuid-Holland")));

  private static final List<Market> OTHER_MARKETS =
      List.of(
          new Market(
              "Germany",
              "+49 89 99998 ",
              List.of("Jürgen", "Käthe", "Björn", "Sabine"),
              List.of("Weißhaupt", "Müller", "Schröder", "Großmann"),
              List.of("Kürbisstraße", "Schloßallee", "Marktplatz", "Am Mühlbach"),
              List.of("München", "Köln", "Görlitz", "Lübeck"),
              List.of("Bayern", "Nordrhein-Westfalen", "Sachsen", "Schleswig-Holstein")),
          new Market(
              "France",
              "+33 4 65 71 ",
              List.of("Hélène", "François", "Agnès", "Luc"),
              List.of("Marchadier", "Lefèvre", "Bérenger", "Guérin"),
              List.of("impasse des Échoppes", "rue du Château", "quai Voltaire", "allée d’Été"),
              List.of("Lyon", "Orléans", "Besançon", "Nîmes"),
              List.of("Auvergne-Rhône-Alpes", "Centre", "Franche-Comté", "Occitanie")),
          new Market(
              "España",
              "+34 915 555 ",
              List.of("Íñigo", "Begoña", "Martín", "Lucía"),
              List.of("Peña", "Muñoz", "Ibáñez", "Castro"),
              List.of("calle de la Montaña", "avenida del Niño", "plaza Mayor", "paseo Colón"),
              List.of("Logroño", "A Coruña", "Málaga", "Sevilla"),
              List.of("La Rioja", "Galicia", "Andalucía", "Andalucía")),
          new Market(
              "Ελλάδα",
              "+30 210 555 ",
              List.of("Ελένη", "Γιώργος", "Νίκος", "Άννα"),
              List.of("Παπαδόπουλος", "Οικονόμου", "Δημητρίου", "Καραγιάννης"),
              List.of("Ερμού", "Λεωφόρος Συγγρού", "Αγίου Δημητρίου", "Πανεπιστημίου"),
              List.of("Αθήνα", "Θεσσαλονίκη", "Πάτρα", "Ηράκλειο"),
              List.of("Αττική", "Μακεδονία", "Αχαΐα", "Κρήτη")),
          new Market(
              "日本",
              "+81 3 5555 ",
              List.of("花子", "健太", "美咲", "大輔"),
              List.of("佐藤", "鈴木", "髙橋", "渡邊"),
              List.of("丸の内二丁目", "銀座四丁目", "難波中一丁目", "錦三丁目"),
              List.of("東京", "京都", "大阪", "名古屋"),
              List.of("関東", "近畿", "近畿", "中部")),
          new Market(
              "中国",
              "+86 21 5555 ",
              List.of("伟", "芳", "秀英", "志强"),
              List.of("王", "李", "张", "欧阳"),
              List.of("南京东路", "人民大道", "解放路", "中山北路"),
              List.of("上海", "北京", "广州", "成都"),
              List.of("上海", "北京", "广东", "四川")));

  /** In percent. A value of such a customer is mostly, but not always, beyond ASCII. */
  private static final int CUSTOMERS_IN_OTHER_MARKETS = 28;

  private GenerateOrders() {}

  public static void main(String[] args) throws IOException {
    try {
      Map<String, String> options = options(args);
      if (options.containsKey("--directory")) {
        writeDirectory(
            Path.of(required(options, "--directory")),
            (int) number(options, "--files"),
            number(options, "--kilobytes") * 1_000,
            number(options, "--seed"));
      } else {
        writeFile(
            Path.of(required(options, "--output")),
            number(options, "--megabytes") * 1_000_000,
            number(options, "--seed"));
      }
    } catch (IllegalArgumentException e) {
      System.err.println("GenerateOrders: " + e.getMessage());
      System.exit(2);
    }
  }

  /**
   * Writes one document and leaves {@code out} open.
   *
   * @param bytes the size of the document, which ends with the first record that reaches it; each
   *     section gets at least one record, however small the size
   */
  public static Counts writeTo(OutputStream out, long bytes, long seed) throws IOException {
    Buffer buffer = new Buffer(out);
    Customer customer = new Customer(seed);

    buffer.put(FILE_START);
    long customers = 0;
    do {
      customer.become(customers);
      writeCustomer(buffer, customer);
      customers++;
    } while (buffer.written() < bytes * CUSTOMERS_SHARE);

    buffer.put(BETWEEN_SECTIONS);
    SplittableRandom random = new SplittableRandom(seed);
    long orders = 0;
    do {
      customer.become(random.nextLong(customers));
      writeOrder(buffer, customer, random);
      orders++;
    } while (buffer.written() < bytes - FILE_END.length);

    buffer.put(FILE_END);
    buffer.flush();
    return new Counts(buffer.written(), customers, orders);
  }

  private static void writeFile(Path file, long bytes, long seed) throws IOException {
    Path counts = Path.of(file + ".json");
    Files.deleteIfExists(counts);
    Counts written;
    try (OutputStream out = new FileOutputStream(file.toFile())) {
      written = writeTo(out, bytes, seed);
    }
    writeCounts(counts, 1, seed, written);
  }

  private static void writeDirectory(Path directory, int files, long bytes, long seed)
      throws IOException {
    Path counts = Path.of(directory + ".json");
    Files.deleteIfExists(counts);
    Files.createDirectories(directory);
    Counts written = new Counts(0, 0, 0);
    for (int i = 0; i < files; i++) {
      Path file = directory.resolve(String.format("orders-%05d.xml", i));
      try (OutputStream out = new FileOutputStream(file.toFile())) {
        written = written.plus(writeTo(out, bytes, seed + i));
      }
    }
    writeCounts(counts, files, seed, written);
  }

  private static void writeCounts(Path file, int files, long seed, Counts counts)
      throws IOException {
    String json =
        String.format(
            "{\"files\": %d, \"seed\": %d, \"bytes\": %d, \"customers\": %d, \"orders\": %d}%n",
            files, seed, counts.bytes(), counts.customers(), counts.orders());
    Files.writeString(file, json);
    System.out.print(json);
  }

  private static void writeCustomer(Buffer out, Customer customer) throws IOException {
    SplittableRandom random = customer.random;
    out.put(CUSTOMER_START);
    out.put(customer.id);
    out.put(START_TAG_END);

    out.start(COMPANY_NAME);
    customer.putCompany(out);
    out.end(COMPANY_NAME);
    out.start(CONTACT_NAME);
    out.put(customer.givenName);
    out.put(SPACE);
    out.put(customer.surname);
    out.end(CONTACT_NAME);
    out.element(CONTACT_TITLE, oneOf(TITLES, random));
    putPhone(out, PHONE, customer);
    if (random.nextBoolean()) {
      putPhone(out, FAX, customer);
    }

    if (random.nextBoolean()) {
      out.put(FULL_ADDRESS_START_WITH_ID);
      out.put(customer.id);
      out.put(START_TAG_END);
    } else {
      out.put(FULL_ADDRESS_START);
    }
    out.start(ADDRESS);
    customer.putAddress(out);
    out.end(ADDRESS);
    out.element(CITY, customer.city);
    out.element(REGION, customer.region);
    out.start(POSTAL_CODE);
    out.putDigits(customer.postalCode, 5);
    out.end(POSTAL_CODE);
    out.element(COUNTRY, customer.market.country);
    out.put(CUSTOMER_END);
  }

  private static void putPhone(Buffer out, Tag tag, Customer customer) throws IOException {
    out.start(tag);
    out.put(customer.market.phonePrefix);
    out.putDigits(customer.random.nextInt(10_000), 4);
    out.end(tag);
  }

  private static void writeOrder(Buffer out, Customer customer, SplittableRandom random)
      throws IOException {
    int day = random.nextInt(DATE_TIMES.length - 60);
    out.put(ORDER_START);
    out.element(CUSTOMER_ID, customer.id);
    out.start(EMPLOYEE_ID);
    out.putNumber(1 + random.nextInt(9));
    out.end(EMPLOYEE_ID);
    out.element(ORDER_DATE, DATE_TIMES[day]);
    out.element(REQUIRED_DATE, DATE_TIMES[day + 14 + 14 * random.nextInt(3)]);

    if (random.nextBoolean()) {
      out.put(SHIP_INFO_START_WITH_DATE);
      out.put(DATE_TIMES[day + 1 + random.nextInt(20)]);
      out.put(START_TAG_END);
    } else {
      out.put(SHIP_INFO_START);
    }
    out.start(SHIP_VIA);
    out.putNumber(1 + random.nextInt(3));
    out.end(SHIP_VIA);
    out.start(FREIGHT);
    out.putNumber(random.nextInt(1_000));
    out.put(POINT);
    out.putDigits(random.nextInt(100), 2);
    out.end(FREIGHT);
    out.start(SHIP_NAME);
    customer.putCompany(out);
    out.end(SHIP_NAME);
    out.start(SHIP_ADDRESS);
    customer.putAddress(out);
    out.end(SHIP_ADDRESS);
    out.element(SHIP_CITY, customer.city);
    out.element(SHIP_REGION, customer.region);
    out.start(SHIP_POSTAL_CODE);
    out.putDigits(customer.postalCode, 5);
    out.end(SHIP_POSTAL_CODE);
    out.element(SHIP_COUNTRY, customer.market.country);
    out.put(ORDER_END);
  }

  /**
   * One customer at a time, made anew from the seed and its number whenever it's needed: an order
   * repeats its customer's name and address, and yet no customer is kept in memory.
   */
  private static final class Customer {
    private static final int ID_LETTERS = 5;
    private static final long IDS = 26L * 26 * 26 * 26 * 26;

    /** No common factor with {@link #IDS}: neighbours differ, and no two customers are the same. */
    private static final long ID_STEP = 5_831_519;

    private final long seed;
    private final byte[] id = new byte[ID_LETTERS];
    private SplittableRandom random = new SplittableRandom(0);
    private Market market = ENGLISH_MARKETS.get(0);
    private byte[] givenName = {};
    private byte[] surname = {};
    private byte[] companyEnding = {};
    private byte[] companyExtra = {};
    private byte[] street = {};
    private byte[] addressExtra = {};
    private byte[] city = {};
    private byte[] region = {};
    private int houseNumber;
    private int postalCode;

    Customer(long seed) {
      this.seed = seed;
    }

    void become(long number) {
      random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
      long code = number * ID_STEP % IDS;
      for (int i = 0; i < ID_LETTERS; i++) {
        id[i] = (byte) ('A' + code % 26);
        code /= 26;
      }
      List<Market> markets =
          random.nextInt(100) < CUSTOMERS_IN_OTHER_MARKETS ? OTHER_MARKETS : ENGLISH_MARKETS;
      market = markets.get(random.nextInt(markets.size()));
      givenName = oneOf(market.givenNames, random);
      surname = oneOf(market.surnames, random);
      companyEnding = oneOf(COMPANY_ENDINGS, random);
      companyExtra = companyExtra(random.nextInt(200));
      houseNumber = 1 + random.nextInt(250);
      street = oneOf(market.streets, random);
      addressExtra = random.nextInt(50) == 0 ? ESCAPED_LESS_THAN : new byte[0];
      int place = random.nextInt(market.cities.length);
      city = market.cities[place];
      region = market.regions[place];
      postalCode = random.nextInt(100_000);
    }

    /** One company in 200 with a character beyond the BMP, one in 50 with a reference. */
    private static byte[] companyExtra(int dice) {
      if (dice == 0) {
        return EMOJI;
      }
      return dice <= 4 ? CHARACTER_REFERENCE : new byte[0];
    }

    void putCompany(Buffer out) throws IOException {
      out.put(surname);
      out.put(companyExtra);
      out.put(companyEnding);
    }

    void putAddress(Buffer out) throws IOException {
      out.putNumber(houseNumber);
      out.put(SPACE);
      out.put(street);
      out.put(addressExtra);
    }
  }

  /** Where a customer may live, with names as they are written there. */
  private static final class Market {
    private final byte[] country;
    private final byte[] phonePrefix;
    private final byte[][] givenNames;
    private final byte[][] surnames;
    private final byte[][] streets;
    private final byte[][] cities;
    private final byte[][] regions;

    /**
     * @param regions the region of each of the cities
     */
    Market(
        String country,
        String phonePrefix,
        List<String> givenNames,
        List<String> surnames,
        List<String> streets,
        List<String> cities,
        List<String> regions) {
      this.country = utf8(country);
      this.phonePrefix = utf8(phonePrefix);
      this.givenNames = utf8(givenNames);
      this.surnames = utf8(surnames);
      this.streets = utf8(streets);
      this.cities = utf8(cities);
      this.regions = utf8(regions);
    }
  }

  /** An element with text, encoded once. */
  private static final class Tag {
    private final byte[] start;
    private final byte[] end;

    Tag(String indentation, String name) {
      start = utf8(indentation + "<" + name + ">");
      end = utf8("</" + name + ">\n");
    }
  }

  /** Bytes on their way out, and how many there were. */
  private static final class Buffer {
    private final OutputStream out;
    private final byte[] bytes = new byte[1 << 18];
    private int length;
    private long flushed;

    Buffer(OutputStream out) {
      this.out = out;
    }

    long written() {
      return flushed + length;
    }

    void element(Tag tag, byte[] text) throws IOException {
      put(tag.start);
      put(text);
      put(tag.end);
    }

    void start(Tag tag) throws IOException {
      put(tag.start);
    }

    void end(Tag tag) throws IOException {
      put(tag.end);
    }

    void put(byte[] piece) throws IOException {
      makeRoom(piece.length);
      System.arraycopy(piece, 0, bytes, length, piece.length);
      length += piece.length;
    }

    /** A number below 1,000, without leading zeros. */
    void putNumber(int number) throws IOException {
      putDigits(number, number < 10 ? 1 : number < 100 ? 2 : 3);
    }

    void putDigits(int number, int digits) throws IOException {
      makeRoom(digits);
      int rest = number;
      for (int i = length + digits - 1; i >= length; i--) {
        bytes[i] = (byte) ('0' + rest % 10);
        rest /= 10;
      }
      length += digits;
    }

    void flush() throws IOException {
      out.write(bytes, 0, length);
      flushed += length;
      length = 0;
    }

    private void makeRoom(int needed) throws IOException {
      if (length + needed > bytes.length) {
        flush();
      }
    }
  }

  private static byte[] oneOf(byte[][] choices, SplittableRandom random) {
    return choices[random.nextInt(choices.length)];
  }

  /** Ten years of days: formatting a date costs more than writing an order. */
  private static byte[][] dateTimes() {
    LocalDate first = LocalDate.of(2015, 1, 1);
    byte[][] days = new byte[3_652][];
    for (int i = 0; i < days.length; i++) {
      days[i] = utf8(first.plusDays(i) + "T00:00:00");
    }
    return days;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  private static byte[][] utf8(List<String> texts) {
    return texts.stream().map(GenerateOrders::utf8).toArray(byte[][]::new);
  }

  private static Map<String, String> options(String[] args) {
    Set<String> known =
        Set.of("--megabytes", "--output", "--files", "--kilobytes", "--directory", "--seed");
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i < args.length; i += 2) {
      if (!known.contains(args[i])) {
        throw new IllegalArgumentException("unknown option " + args[i] + "; known: " + known);
      }
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i] + " wants a value");
      }
      options.put(args[i], args[i + 1]);
    }
    options.putIfAbsent("--seed", "1");
    return options;
  }

  private static String required(Map<String, String> options, String name) {
    String value = options.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value;
  }

  private static long number(Map<String, String> options, String name) {
    String value = required(options, name);
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " wants a whole number, not " + value, e);
    }
  }
}
