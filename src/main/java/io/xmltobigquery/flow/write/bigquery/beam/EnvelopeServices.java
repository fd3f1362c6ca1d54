package io.xmltobigquery.flow.write.bigquery.beam;

import com.google.cloud.bigquery.storage.v1.AppendRowsRequest.MissingValueInterpretation;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServicesImpl;

/**
 * BigQuery as the write of one table sees it: rows come in {@link RowEnvelope}s and are taken out
 * of them here, right before they are appended. So the table has its own columns, and BigQueryIO
 * can still give back a refused row with its origin.
 */
public final class EnvelopeServices {

  private final BigQueryServices services;

  /** The real BigQuery. */
  public EnvelopeServices() {
    this(new BigQueryServicesImpl());
  }

  /** Another way to BigQuery, for tests. */
  public EnvelopeServices(BigQueryServices services) {
    this.services = services;
  }

  /**
   * Services for the write of one table.
   *
   * @param rows what a row of the table looks like
   * @param pendingStreams whether the write goes through pending streams, or else through buffered
   *     ones or the default stream
   */
  public BigQueryServices of(DescriptorProto rows, boolean pendingStreams) {
    BigQueryServices all = services;
    return Forwarding.to(
        BigQueryServices.class,
        all,
        "getWriteStreamService",
        options ->
            streams(all.getWriteStreamService((BigQueryOptions) options[0]), rows, pendingStreams));
  }

  private static BigQueryServices.WriteStreamService streams(
      BigQueryServices.WriteStreamService service, DescriptorProto rows, boolean pendingStreams) {
    return Forwarding.to(
        BigQueryServices.WriteStreamService.class,
        service,
        "getStreamAppendClient",
        // The second argument describes envelopes.
        arguments ->
            new EnvelopeAppendClient(
                () ->
                    service.getStreamAppendClient(
                        (String) arguments[0],
                        rows,
                        (Boolean) arguments[2],
                        (MissingValueInterpretation) arguments[3]),
                pendingStreams));
  }
}
