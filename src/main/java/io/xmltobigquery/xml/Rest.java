package io.xmltobigquery.xml;

import io.xmltobigquery.rows.Column;
import io.xmltobigquery.xml.ContentTree.Claim;
import io.xmltobigquery.xml.ContentTree.Fate;
import io.xmltobigquery.xml.ContentTree.Kind;
import io.xmltobigquery.xml.ContentTree.Node;
import io.xmltobigquery.xml.OpenRows.Found;
import io.xmltobigquery.xml.OpenRows.OpenRow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.codehaus.stax2.XMLStreamReader2;
import org.jspecify.annotations.Nullable;

/**
 * What of a row's element no column takes, for {@code row:rest()}. While the row is read, all is
 * kept of which it isn't known yet that a column takes it; at the row's end the rest of that is
 * left.
 */
final class Rest {

  /**
   * A RECORD that has a rest of its own.
   *
   * @param found what tells whether it is one of the row; null if it is
   */
  record OfRecord(OpenRow row, Column column, int group, @Nullable Found found) {}

  /** What is left in the element of such a RECORD. */
  record Left(OfRecord record, Node element) {}

  private final ContentTree tree = new ContentTree();
  private final Node root;
  private final List<Left> ofRecords = new ArrayList<>(0);

  /** Begins with the start tag that the parser is at. */
  Rest(XMLStreamReader2 xml) {
    root = tree.element(xml);
    root.fate = new Fate();
    root.fate.named = true;
  }

  ContentTree tree() {
    return tree;
  }

  Node root() {
    return root;
  }

  /** Leaves what no column has taken; whether that is anything but what is left in RECORDs. */
  boolean leave() {
    return leave(root);
  }

  List<Left> ofRecords() {
    return ofRecords;
  }

  /** Leaves what is left of an element; whether that is anything. */
  private boolean leave(Node element) {
    Fate fate = element.fate;
    if (fate == null) {
      return true;
    }
    boolean covered = anyHolds(fate.covers);
    boolean takenInside = false;
    for (Node child = element.first; child != null && !covered; child = child.next) {
      if (child.kind == Kind.ELEMENT) {
        child.left = leave(child);
        takenInside |= child.fate != null && child.fate.taken;
      }
    }
    fate.taken = isKnown(fate) || takenInside || anyHolds(fate.inside);
    fate.item |= anyHolds(fate.items);
    for (Node child = element.first; child != null; child = child.next) {
      if (child.kind != Kind.ELEMENT) {
        child.left = !isTaken(child) && !(covered && child.kind == Kind.TEXT);
      }
    }
    if (fate.taken) {
      dropSpace(element);
    }
    boolean left = keepLeft(element, covered);
    for (OfRecord record : fate.rests) {
      if (record.found == null || record.found.isTaken()) {
        if (left) {
          ofRecords.add(new Left(record, element));
        }
        return false;
      }
    }
    return left || !fate.taken;
  }

  /** White space in an element that paths lead through says nothing. */
  private static void dropSpace(Node element) {
    for (Node child = element.first; child != null; child = child.next) {
      child.left &= child.kind != Kind.TEXT || child.hasText();
    }
  }

  /** Whether nothing is to be told of the element itself. */
  private static boolean isKnown(Fate fate) {
    boolean mayBeValue = fate.taken || fate.refused;
    boolean isValue = fate.taken;
    for (Found value : fate.values) {
      mayBeValue |= value.isAccepted();
      isValue |= value.isTaken();
    }
    return mayBeValue ? isValue : fate.named || anyHolds(fate.names);
  }

  private static boolean isTaken(Node node) {
    return node.fate != null && (node.fate.taken || anyHolds(node.fate.covers));
  }

  private static boolean anyHolds(List<? extends Claim> claims) {
    for (Claim claim : claims) {
      if (claim.holds()) {
        return true;
      }
    }
    return false;
  }

  /** Drops what isn't left, but for items of an array of which some others are left. */
  private static boolean keepLeft(Node element, boolean covered) {
    Set<String> left = new HashSet<>();
    boolean any = false;
    boolean items = false;
    for (Node child = element.first; child != null; child = child.next) {
      boolean isElement = child.kind == Kind.ELEMENT;
      child.left &= !(isElement && covered);
      any |= child.left;
      if (isElement && child.fate != null && child.fate.item) {
        items = true;
        if (child.left) {
          left.add(child.namespace + " " + child.local);
        }
      }
    }
    Node child = element.first;
    element.clear();
    while (child != null) {
      Node next = child.next;
      child.next = null;
      boolean item = items && child.fate != null && child.fate.item;
      if (child.left || (item && left.contains(child.namespace + " " + child.local))) {
        element.add(child);
      }
      child = next;
    }
    return any;
  }
}
