package io.xmltobigquery.flow.write;

import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.values.PCollection;

/**
 * What writing rows comes to.
 *
 * @param signals once all of these are complete, every row that wasn't refused is safe
 * @param refused the rows that the output will never take, or nothing if it takes all
 */
public record WrittenRows(
    List<? extends PCollection<?>> signals, Optional<PCollection<RefusedRow>> refused) {}
