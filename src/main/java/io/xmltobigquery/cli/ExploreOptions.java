package io.xmltobigquery.cli;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** The options of {@code explore}. Those of Google Cloud are taken under their usual names. */
public interface ExploreOptions extends PipelineOptions {

  @Description("Print JSON in place of the tree.")
  @Default.Boolean(false)
  Boolean getJson();

  void setJson(Boolean value);

  @Description(
      "Also write a page for a browser, with all in one file, local or gs://, that can be sent to somebody.")
  String getHtml();

  void setHtml(String value);

  @Description("Show the logs of the clients, and stack traces.")
  @Default.Boolean(false)
  Boolean getDebug();

  void setDebug(Boolean value);
}
