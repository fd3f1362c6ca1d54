package io.xmltobigquery.parse;

import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/** Deletes what {@link Inspect} has staged. Apply it when nothing reads the files any more. */
public final class DeleteStagedFiles extends PTransform<PCollection<String>, PCollection<Void>> {

  private static final long serialVersionUID = 1L;

  public static DeleteStagedFiles now() {
    return new DeleteStagedFiles();
  }

  @Override
  public PCollection<Void> expand(PCollection<String> files) {
    return files.apply("Delete", ParDo.of(new DeleteFn()));
  }

  private static final class DeleteFn extends DoFn<String, Void> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void delete(@Element String file) throws IOException {
      // The names are our own, so none of them is taken for a pattern.
      FileSystems.delete(
          List.of(FileSystems.matchNewResource(file, false)),
          StandardMoveOptions.IGNORE_MISSING_FILES);
    }
  }
}
