package io.xmltobigquery.propose;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Documents of elements a to d, of which nobody knows what is where. */
final class RandomXml {

  private RandomXml() {}

  static List<String> documents(Random random, int count) {
    List<String> documents = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      StringBuilder xml = new StringBuilder();
      append(xml, random, 0);
      documents.add(xml.toString());
    }
    return documents;
  }

  private static void append(StringBuilder xml, Random random, int depth) {
    char name = (char) ('a' + (depth == 0 ? 0 : random.nextInt(4)));
    xml.append('<').append(name);
    if (random.nextInt(3) == 0) {
      xml.append(" x='").append(random.nextInt(100)).append("'");
    }
    xml.append('>');
    for (int i = depth < 4 ? random.nextInt(5) : 0; i > 0; i--) {
      append(xml, random, depth + 1);
    }
    if (random.nextInt(4) == 0) {
      xml.append(random.nextInt(3) == 0 ? "x" + random.nextInt(50) : random.nextInt(1_000));
    }
    xml.append("</").append(name).append('>');
  }
}
