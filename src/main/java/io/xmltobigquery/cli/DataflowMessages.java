package io.xmltobigquery.cli;

import io.xmltobigquery.options.XmlToBigQueryOptions;
import java.io.PrintStream;
import org.apache.beam.runners.dataflow.DataflowPipelineJob;
import org.apache.beam.runners.dataflow.options.DataflowPipelineOptions;
import org.apache.beam.runners.dataflow.util.MonitoringUtil;

/** What the command says of a job on Dataflow. Beam says it too, in a log that isn't shown. */
final class DataflowMessages {

  private DataflowMessages() {}

  /** The job's graph was written, and nothing runs. */
  static void template(PrintStream out, XmlToBigQueryOptions options) {
    out.println(
        "job graph written to "
            + options.as(DataflowPipelineOptions.class).getTemplateLocation()
            + "; it is for one run: write it again for the next");
  }

  /** The job runs, whatever becomes of this command. */
  static void launched(PrintStream out, DataflowPipelineJob job) {
    String id = job.getJobId();
    String project = job.getProjectId();
    String region = job.getRegion();
    out.println(
        "xml-to-bigquery: Dataflow job "
            + id
            + ": "
            + MonitoringUtil.getJobMonitoringPageURL(project, region, id));
    out.println(
        "xml-to-bigquery: Ctrl-C ends only this command, not the job; to cancel it: "
            + "gcloud dataflow jobs cancel --project=%s --region=%s %s"
                .formatted(project, region, id));
  }
}
