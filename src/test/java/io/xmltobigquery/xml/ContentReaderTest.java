package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ContentReaderTest {

  private static final Limits LIMITS = new Limits(Limits.DEFAULT_MAX_RECORD_BYTES);

  private static final Engine LOOSE =
      Engine.of("/l/r", "ignore", "{'name': 'x', 'type': 'STRING'}");

  @Test
  void seesElementsAttributesAndTexts() throws IOException, RejectedException {
    assertThat(
            events(
                """
                <?xml version="1.0"?><!DOCTYPE a><a xmlns="urn:d" xmlns:p="urn:p" x="1" p:y="&lt;">t<!-- c --><?i i?>\
                <p:b/><![CDATA[<c>]]>&amp;</a>"""))
        .containsExactly(
            "<{urn:d}a x=1 {urn:p}y=< xmlns=urn:d xmlns:p=urn:p",
            "t",
            "<{urn:p}b",
            ">",
            "<c>",
            "&",
            ">")
        .inOrder();
  }

  @Test
  void tellsWhereTagsBegin() throws IOException, RejectedException {
    List<Long> offsets = new ArrayList<>();
    read(
        "<a>xyz<b></b><c/></a>".getBytes(UTF_8),
        new Recorder() {
          @Override
          public void startElement(StartTag tag) {
            offsets.add(tag.charOffset());
          }

          @Override
          public void endElement(long charOffset) {
            offsets.add(charOffset);
          }
        });

    assertThat(offsets).containsExactly(0L, 6L, 9L, 13L, 13L, 17L).inOrder();
  }

  @Test
  void readsEveryEncoding() throws IOException, RejectedException {
    byte[] utf16 = "\uFEFF<a>é</a>".getBytes(UTF_16LE);

    assertThat(events(utf16)).containsExactly("<a", "é", ">").inOrder();
  }

  /** Whoever explores a file is told the same of it as whoever loads it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "x",
        "<",
        "<l",
        "<l>",
        "<l><r>",
        "<l><r></l>",
        "<l>\n<r>\n</l></r>",
        "<l/>x",
        "<l/><l/>",
        "<l>&nbsp;</l>",
        "<l a='1' a='2'/>",
        "<p:l/>",
        "<l>\u0001</l>",
        "<l>&#0;</l>",
        "<?xml version='1.0' encoding='nonsense'?><l/>",
        "<?xml version='1.0' encoding='UTF-16'?><l/>",
        "<l><r><x>1</x></r><r><!-- -- --></r></l>",
      })
  void rejectsWhatALoadRejects(String document) {
    byte[] bytes = document.getBytes(UTF_8);
    RejectedException load = LOOSE.rejection(bytes);

    RejectedException explored =
        assertThrows(RejectedException.class, () -> read(bytes, new Recorder()));

    assertThat(explored.reason()).isEqualTo(load.reason());
    assertThat(explored).hasMessageThat().isEqualTo(load.getMessage());
    assertThat(explored.position()).isEqualTo(load.position());
  }

  @Test
  void aTextMayBeAsLongAsItLikes() throws IOException, RejectedException {
    byte[] document = ("<a>" + "x".repeat(300_000) + "</a>").getBytes(UTF_8);
    long[] length = {0};
    new ContentReader(new Limits(100_000))
        .read(
            Engine.source(document),
            new Recorder() {
              @Override
              public void text(char[] chars, int start, int count) {
                length[0] += count;
              }
            });

    assertThat(length[0]).isEqualTo(300_000);
  }

  @Test
  void aTagMayNot() {
    byte[] document =
        ("<a b='" + "x".repeat(150_000) + "' c='" + "x".repeat(150_000) + "'/>").getBytes(UTF_8);

    RejectedException rejected =
        assertThrows(
            RejectedException.class,
            () ->
                new ContentReader(new Limits(100_000))
                    .read(Engine.source(document), new Recorder()));
    assertThat(rejected.reason()).isEqualTo(RejectionReason.LIMIT_EXCEEDED);
  }

  @Test
  void aFaultFarBehindTheStartHasItsPlace() {
    String line = "<r><x>1</x></r>\n";
    byte[] document = ("<l>\n" + line.repeat(1_200_000) + "<r></l>").getBytes(UTF_8);

    RejectedException rejected =
        assertThrows(RejectedException.class, () -> read(document, new Recorder()));
    assertWithMessage(rejected.getMessage())
        .that(rejected.position())
        .isEqualTo(new Position(1_200_002, 6, 4 + 16L * 1_200_000 + 5));
  }

  @Test
  void aFailureToReadIsNoFault() {
    IOException failure = new IOException("the connection broke");
    assertThrows(
        IOException.class,
        () ->
            new ContentReader(LIMITS)
                .read(
                    offset -> {
                      throw failure;
                    },
                    new Recorder()));
  }

  private static List<String> events(String document) throws IOException, RejectedException {
    return events(document.getBytes(UTF_8));
  }

  private static List<String> events(byte[] document) throws IOException, RejectedException {
    Recorder recorder = new Recorder();
    read(document, recorder);
    return recorder.events;
  }

  private static void read(byte[] document, ContentVisitor visitor)
      throws IOException, RejectedException {
    new ContentReader(LIMITS).read(Engine.source(document), visitor);
  }

  private static class Recorder implements ContentVisitor {
    private final List<String> events = new ArrayList<>();

    @Override
    public void startElement(StartTag tag) {
      StringBuilder event = new StringBuilder("<");
      event.append(name(tag.namespace(), tag.localName()));
      for (int i = 0; i < tag.attributeCount(); i++) {
        event
            .append(' ')
            .append(name(tag.attributeNamespace(i), tag.attributeLocalName(i)))
            .append('=')
            .append(tag.attributeValue(i));
      }
      for (int i = 0; i < tag.declarationCount(); i++) {
        String prefix = tag.declaredPrefix(i);
        event
            .append(" xmlns")
            .append(prefix.isEmpty() ? "" : ":" + prefix)
            .append('=')
            .append(tag.declaredNamespace(i));
      }
      events.add(event.toString());
    }

    @Override
    public void text(char[] chars, int start, int length) {
      events.add(new String(chars, start, length));
    }

    @Override
    public void endElement(long charOffset) {
      events.add(">");
    }

    private static String name(String namespace, String local) {
      return namespace.isEmpty() ? local : "{" + namespace + "}" + local;
    }
  }
}
