package io.xmltobigquery.flow.write.bigquery;

import com.google.api.core.ApiFuture;
import com.google.api.core.ApiFutures;
import com.google.cloud.bigquery.storage.v1.AppendRowsRequest.MissingValueInterpretation;
import com.google.cloud.bigquery.storage.v1.AppendRowsResponse;
import com.google.cloud.bigquery.storage.v1.Exceptions;
import com.google.cloud.bigquery.storage.v1.ProtoRows;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import io.xmltobigquery.benchmark.NullBigQuery;
import io.xmltobigquery.flow.write.bigquery.wire.RowSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.jspecify.annotations.Nullable;

/**
 * Tables that take changes as Google documents it ("Stream table updates with change data
 * capture"): only on the default stream; a row is UPSERT or DELETE, and not mixed with others; of
 * the changes of one key the one with the largest sequence number lasts, whenever it comes, and of
 * two with the same number the later one. No emulator knows that. What Google doesn't say, such as
 * NULL in a key, is an error here, since we never send it.
 */
public final class FakeChanges extends NullBigQuery {

  private static final long serialVersionUID = 1L;

  private static final String CHANGE_TYPE = "_CHANGE_TYPE";
  private static final String SEQUENCE_NUMBER = "_CHANGE_SEQUENCE_NUMBER";

  /** Workers have copies of the service. */
  private static final Map<String, Tables> ALL = new ConcurrentHashMap<>();

  private final String id = UUID.randomUUID().toString();

  /** The last change of a key; a row that is deleted is remembered, too. */
  private record Change(String sequence, @Nullable Map<String, Object> row) {}

  private static final class Tables {
    private final Map<String, List<String>> keys = new HashMap<>();
    private final Map<String, Map<List<Object>, Change>> changed = new HashMap<>();
    private final Map<String, List<Map<String, Object>>> appended = new HashMap<>();
    private @Nullable String refusedValue;
  }

  /** With tables that have primary keys; all others are appended to. */
  public FakeChanges(Map<String, List<String>> keys) {
    Tables tables = new Tables();
    tables.keys.putAll(keys);
    ALL.put(id, tables);
  }

  private Tables tables() {
    return ALL.get(id);
  }

  /** Refuses the rows that have this value. */
  public void refuse(String value) {
    tables().refusedValue = value;
  }

  /** What a query would find in a table with a key: by the key, without NULLs. */
  public Map<String, Map<String, Object>> rows(String table) {
    Map<String, Map<String, Object>> rows = new TreeMap<>();
    synchronized (tables()) {
      tables()
          .changed
          .getOrDefault(table, Map.of())
          .forEach(
              (key, change) -> {
                if (change.row() != null) {
                  rows.put(key.toString(), change.row());
                }
              });
    }
    return rows;
  }

  /** What was appended to a table without a key. */
  public List<Map<String, Object>> appended(String table) {
    synchronized (tables()) {
      return List.copyOf(tables().appended.getOrDefault(table, List.of()));
    }
  }

  @Override
  public WriteStreamService getWriteStreamService(BigQueryOptions options) {
    return new NullWriteStreams() {
      @Override
      public StreamAppendClient getStreamAppendClient(
          String streamName,
          DescriptorProto descriptor,
          boolean useConnectionPool,
          MissingValueInterpretation missingValueInterpretation) {
        return new NullAppends() {
          @Override
          public ApiFuture<AppendRowsResponse> appendRows(long offset, ProtoRows rows) {
            return append(streamName, descriptor, rows.getSerializedRowsList());
          }
        };
      }
    };
  }

  /** Takes the rows of one request. */
  ApiFuture<AppendRowsResponse> append(
      String streamName, DescriptorProto rowType, List<ByteString> rows) {
    if (!streamName.endsWith("/_default")) {
      throw new AssertionError("not the default stream: " + streamName);
    }
    String table = streamName.split("/", -1)[5];
    Descriptor descriptor = RowSchema.messageType(rowType);
    Map<Integer, String> refused = new HashMap<>();
    synchronized (tables()) {
      List<DynamicMessage> messages = new ArrayList<>();
      for (int i = 0; i < rows.size(); i++) {
        messages.add(parse(descriptor, rows.get(i)));
        if (values(messages.get(i)).containsValue(tables().refusedValue)) {
          refused.put(i, "refused by the test");
        }
      }
      if (!refused.isEmpty()) {
        return ApiFutures.immediateFailedFuture(
            new Exceptions.AppendSerializationError(3, "refused", streamName, refused));
      }
      messages.forEach(message -> take(table, descriptor, message));
    }
    return ApiFutures.immediateFuture(AppendRowsResponse.getDefaultInstance());
  }

  private static DynamicMessage parse(Descriptor descriptor, ByteString row) {
    try {
      return DynamicMessage.parseFrom(descriptor, row);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private void take(String table, Descriptor descriptor, DynamicMessage message) {
    List<String> key = tables().keys.get(table);
    Map<String, Object> row = values(message);
    if (key == null) {
      if (descriptor.findFieldByName(CHANGE_TYPE) != null) {
        throw new AssertionError(table + " has no primary key");
      }
      tables().appended.computeIfAbsent(table, name -> new ArrayList<>()).add(row);
      return;
    }
    String type = (String) row.remove(CHANGE_TYPE);
    String sequence = (String) row.remove(SEQUENCE_NUMBER);
    if (!"UPSERT".equals(type) && !"DELETE".equals(type)) {
      throw new AssertionError("The given value is not a valid CHANGE_TYPE: " + type);
    }
    if (sequence == null || !sequence.matches("[0-9A-Fa-f]{1,16}(/[0-9A-Fa-f]{1,16}){0,3}")) {
      throw new AssertionError("no sequence number: " + sequence);
    }
    List<Object> keyOfRow = new ArrayList<>();
    for (String column : key) {
      if (!row.containsKey(column)) {
        throw new AssertionError(column + " is NULL, which is part of the key: " + row);
      }
      keyOfRow.add(row.get(column));
    }
    Map<List<Object>, Change> changes =
        tables().changed.computeIfAbsent(table, name -> new HashMap<>());
    Change before = changes.get(keyOfRow);
    if (before == null || compare(sequence, before.sequence()) >= 0) {
      changes.put(keyOfRow, new Change(sequence, type.equals("DELETE") ? null : row));
    }
  }

  /** Section by section, as unsigned numbers; one that has more sections is larger. */
  static int compare(String one, String other) {
    String[] first = one.split("/", -1);
    String[] second = other.split("/", -1);
    for (int i = 0; i < Math.min(first.length, second.length); i++) {
      int section =
          Long.compareUnsigned(
              Long.parseUnsignedLong(first[i], 16), Long.parseUnsignedLong(second[i], 16));
      if (section != 0) {
        return section;
      }
    }
    return Integer.compare(first.length, second.length);
  }

  private static Map<String, Object> values(DynamicMessage message) {
    Map<String, Object> values = new TreeMap<>();
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      Object value = field.getValue();
      values.put(
          field.getKey().getName(),
          value instanceof DynamicMessage record ? values(record) : value);
    }
    return values;
  }
}
