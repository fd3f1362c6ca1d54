package io.xmltobigquery.mapping;

import io.xmltobigquery.values.ColumnType;
import io.xmltobigquery.values.Conversion;
import io.xmltobigquery.values.Lexical;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One column of a table or of a RECORD column, and where its value comes from.
 *
 * @param name the column's name
 * @param source where the value stands
 * @param lexical the XML Schema datatype to check a STRING against, or null
 * @param description BigQuery's column description, or null
 * @param maxLength most characters of a STRING or bytes of BYTES, or null for no bound
 * @param precision most digits of a NUMERIC or BIGNUMERIC, or null for the type's own bound
 * @param scale most digits after the point, or null for the type's own bound
 * @param conversion how the text becomes the value, or null if the type says all of it
 * @param bigQuery what goes to BigQuery as it is, such as policy tags: the members of an object in
 *     BigQuery's JSON schema
 * @param fields the columns of a RECORD; empty for every other type
 */
public record Field(
    String name,
    ColumnType type,
    Mode mode,
    Source source,
    @Nullable Lexical lexical,
    @Nullable String description,
    @Nullable Long maxLength,
    @Nullable Integer precision,
    @Nullable Integer scale,
    @Nullable Conversion conversion,
    String bigQuery,
    List<Field> fields)
    implements Serializable {

  public Field {
    fields = List.copyOf(fields);
  }
}
