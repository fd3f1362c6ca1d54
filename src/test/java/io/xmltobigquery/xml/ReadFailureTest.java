package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import org.junit.jupiter.api.Test;

/** A connection that breaks is never taken for a fault of the document. */
class ReadFailureTest {

  private static final Engine ENGINE =
      Engine.of("/l/r", "ignore", "{'name': 'x', 'type': 'STRING'}");

  private static final String DOCUMENT =
      "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n<!-- c --><?p d?>\n"
          // More than is read to find out the encoding.
          + " ".repeat(Encoding.HEAD_LENGTH)
          + "<!DOCTYPE l PUBLIC 'p' 's' [<!ENTITY e 'v'><!-- c --><?p d?><!ENTITY % p 'v'>%p;]>"
          + "<l xmlns='' xmlns:p='u' p:a='1'>text<r a='&lt;&#65;&#x1F600;'><x>a&amp;b<![CDATA[c]]>"
          + "<!-- c --><?p d?>\r\n</x><k p:b='1'>é😀<k/>]]</k></r ><p:k/><r/>\n</l>\n<?p?>\n";

  /** As a closed channel throws it. */
  private static final class FailureWithoutMessage extends IOException {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void showsAsWhatItIsWhereverItHappens() throws Exception {
    byte[] document = DOCUMENT.getBytes(UTF_8);
    ENGINE.records(Engine.source(document));
    for (int good = 0; good < document.length; good++) {
      XmlSource source = failing(document, good);
      assertWithMessage("after %s bytes", good)
          .that(assertThrows(Exception.class, () -> ENGINE.records(source)))
          .isInstanceOf(FailureWithoutMessage.class);
    }
  }

  private static XmlSource failing(byte[] document, int good) {
    InputStream failing =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new FailureWithoutMessage();
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            throw new FailureWithoutMessage();
          }
        };
    return offset ->
        new SequenceInputStream(
            new ByteArrayInputStream(document, (int) offset, good - (int) offset), failing);
  }
}
