package io.xmltobigquery.flow.write.bigquery.beam;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.Pipeline.PipelineVisitor;
import org.apache.beam.sdk.runners.TransformHierarchy.Node;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PValue;

/**
 * When the rows of a write are committed. BigQueryIO's own "successful inserts" are those that were
 * appended; with pending streams they are there to stay only when its last step has committed the
 * streams, and that step's output isn't in its result.
 */
public final class Commits extends PipelineVisitor.Defaults {

  private final String prefix;
  private final List<PCollection<?>> found = new ArrayList<>();

  private Commits(String prefix) {
    this.prefix = prefix;
  }

  /**
   * A collection that is complete when the rows are committed.
   *
   * @param label of a write to one table at the top level of the pipeline, in STORAGE_WRITE_API
   *     mode, of a bounded collection
   */
  public static PCollection<?> of(Pipeline pipeline, String label) {
    Commits commits = new Commits(label + "/");
    pipeline.traverseTopologically(commits);
    if (commits.found.size() != 1) {
      throw new IllegalStateException(
          "BigQueryIO has " + commits.found.size() + " steps that commit, not one: " + label);
    }
    return commits.found.get(0);
  }

  @Override
  public void visitPrimitiveTransform(Node step) {
    if (step.getFullName().startsWith(prefix) && HiddenStep.COMMIT.is(step.getTransform())) {
      for (PValue output : step.getOutputs().values()) {
        found.add((PCollection<?>) output);
      }
    }
  }
}
