package io.xmltobigquery.xml;

import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingReader;
import java.util.List;

/** The mappings that generated documents are read with. */
public final class TestMappings {

  /** All column types, nested and repeated records, and namespaces; strict. */
  static final Mapping SHOP =
      Engine.mapping(
          """
          {'tables': [
            {'table': 'items', 'namespace': 'urn:shop', 'record': '/catalog/items/item', 'fields': [
              {'name': 'id', 'type': 'STRING', 'mode': 'REQUIRED', 'source': '@id', 'maxLength': 40},
              {'name': 'id_again', 'type': 'STRING', 'source': '@id'},
              {'name': 'tag', 'type': 'STRING', 'source': '@{urn:other}tag'},
              {'name': 'title', 'type': 'STRING', 'mode': 'REQUIRED'},
              {'name': 'count', 'type': 'INT64'},
              {'name': 'count_text', 'type': 'STRING', 'source': 'count'},
              {'name': 'weight', 'type': 'FLOAT64'},
              {'name': 'price', 'type': 'NUMERIC', 'source': 'cost/amount'},
              {'name': 'currency', 'type': 'STRING', 'source': 'cost/@currency'},
              {'name': 'tax', 'type': 'NUMERIC', 'precision': 7, 'scale': 3},
              {'name': 'huge', 'type': 'BIGNUMERIC'},
              {'name': 'sold', 'type': 'BOOL'},
              {'name': 'made', 'type': 'DATE'},
              {'name': 'packed', 'type': 'DATETIME'},
              {'name': 'opens', 'type': 'TIME'},
              {'name': 'seen', 'type': 'TIMESTAMP', 'mode': 'REPEATED'},
              {'name': 'photo', 'type': 'BYTES'},
              {'name': 'photo_text', 'type': 'STRING', 'source': 'photo', 'lexical': 'base64Binary'},
              {'name': 'checksum', 'type': 'STRING', 'lexical': 'hexBinary'},
              {'name': 'ordered', 'type': 'STRING', 'lexical': 'dateTime'},
              {'name': 'words', 'type': 'STRING', 'mode': 'REPEATED', 'source': '{}words/{urn:other}word'},
              {'name': 'notes', 'type': 'RECORD', 'mode': 'REPEATED', 'source': 'note', 'fields': [
                {'name': 'lang', 'type': 'STRING', 'source': '@lang'},
                {'name': 'text', 'type': 'STRING', 'mode': 'REQUIRED', 'source': '.'}]},
              {'name': 'parts', 'type': 'RECORD', 'mode': 'REPEATED', 'source': 'parts/part', 'fields': [
                {'name': 'name', 'type': 'STRING', 'mode': 'REQUIRED', 'source': '@name'},
                {'name': 'sizes', 'type': 'INT64', 'mode': 'REPEATED', 'source': 'size'},
                {'name': 'maker', 'type': 'RECORD', 'fields': [
                  {'name': 'city', 'type': 'STRING', 'mode': 'REQUIRED'},
                  {'name': 'since', 'type': 'DATE', 'source': '@since'}]}]}]},
            {'table': 'events', 'namespace': 'urn:shop', 'record': '/catalog/log/{urn:other}event',
             'unknown': 'ignore', 'fields': [
              {'name': 'at', 'type': 'TIMESTAMP', 'mode': 'REQUIRED', 'source': '@at'},
              {'name': 'what', 'type': 'STRING', 'source': '.'}]}]}
          """);

  /** Deep records under sections of other names, with anything else around and in them. */
  static final Mapping LOOSE =
      Engine.mapping(
          """
          {'tables': [
            {'table': 'loose', 'record': '/r/a/b/r', 'unknown': 'ignore', 'fields': [
              {'name': 'x', 'type': 'STRING'},
              {'name': 'y', 'type': 'INT64', 'mode': 'REPEATED', 'source': 'r/y'},
              {'name': 'a', 'type': 'RECORD', 'fields': [
                {'name': 'x', 'type': 'STRING', 'mode': 'REPEATED', 'source': 'r'},
                {'name': 'b', 'type': 'BOOL', 'source': '@b'}]}]},
            {'table': 'other', 'record': '/r/b', 'unknown': 'ignore', 'fields': [
              {'name': 'x', 'type': 'STRING', 'mode': 'REQUIRED', 'source': '.'}]}]}
          """);

  public static final List<Mapping> ALL = List.of(MappingReader.defaultMapping(), SHOP, LOOSE);

  private TestMappings() {}
}
