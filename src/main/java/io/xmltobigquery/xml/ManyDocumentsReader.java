package io.xmltobigquery.xml;

import com.ctc.wstx.api.ReaderConfig;
import com.ctc.wstx.io.BranchingReaderSource;
import com.ctc.wstx.io.InputBootstrapper;
import com.ctc.wstx.sr.ReaderCreator;
import java.util.Map;
import javax.xml.stream.XMLStreamException;

/**
 * A parser of documents that come one after the other, each of which may have a DOCTYPE: in
 * Woodstox's own mode for them only one may. Whether one document has several, and whether one ends
 * before the next begins, is for {@link DocumentCursor} to look at.
 */
final class ManyDocumentsReader extends EntityReader {

  ManyDocumentsReader(
      InputBootstrapper bootstrapper,
      BranchingReaderSource input,
      ReaderCreator owner,
      ReaderConfig config,
      Map<String, Integer> entities)
      throws XMLStreamException {
    super(bootstrapper, input, owner, config, entities);
  }

  @Override
  protected void finishDTD(boolean copyContents) throws XMLStreamException {
    super.finishDTD(copyContents);
    mStDoctypeFound = false;
  }
}
