package io.xmltobigquery.xml;

import io.xmltobigquery.xml.ContentTree.Node;
import java.util.ArrayDeque;
import java.util.Deque;
import org.codehaus.stax2.XMLStreamReader2;
import org.jspecify.annotations.Nullable;

/** An element that is taken as JSON. */
final class TakenJson implements TakenContent {

  private final ContentTree tree = new ContentTree();
  private final JsonText json;
  private final Deque<Node> open = new ArrayDeque<>();
  private @Nullable Node element;

  TakenJson(JsonText json) {
    this.json = json;
  }

  @Override
  public void start(XMLStreamReader2 xml) {
    Node around = open.peek();
    if (around != null) {
      tree.childBegins(around);
    }
    Node node = tree.whole(xml);
    if (around == null) {
      element = node;
    } else {
      around.add(node);
    }
    open.push(node);
  }

  @Override
  public void text(char[] text, int start, int length) {
    tree.text(open.element(), text, start, length);
  }

  @Override
  public void end(XMLStreamReader2 xml) {
    tree.end(open.pop());
  }

  @Override
  public int length() {
    return tree.text().length();
  }

  @Override
  public int size() {
    return tree.size();
  }

  @Override
  public String result(long maxLength) throws JsonText.TooLongException {
    return json.value(tree, element, maxLength);
  }
}
