package io.xmltobigquery.trial;

import io.xmltobigquery.rows.Column;
import java.util.List;

/**
 * What came into a column.
 *
 * @param depth how many RECORDs are around it
 * @param filled in how many rows, or values of the RECORD around it, it has a value
 * @param around how many of these there are
 * @param values how many values it has, which is more if it is REPEATED
 * @param examples some of them, as BigQuery gets them: sorted, and cut off if they are long; none
 *     of a RECORD
 */
public record ColumnFill(
    Column column, int depth, long filled, long around, long values, List<String> examples) {

  public ColumnFill {
    examples = List.copyOf(examples);
  }

  /** In whole percent; 0 and 100 are none and all. */
  public int percent() {
    if (filled == around) {
      return around == 0 ? 0 : 100;
    }
    return filled == 0 ? 0 : (int) Math.max(1, Math.min(99, filled * 100 / around));
  }
}
