package io.xmltobigquery.flow.write.bigquery.wire;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.xmltobigquery.mapping.LineageColumn;
import io.xmltobigquery.mapping.Mode;
import io.xmltobigquery.rows.Column;
import io.xmltobigquery.rows.TableColumns;
import io.xmltobigquery.values.ColumnType;
import java.util.List;

/** What a table's rows look like: for the Storage Write API, and for creating the table. */
public final class RowSchema {

  /**
   * Protobuf keeps the names of a message's fields and of its nested types in one namespace.
   * BigQuery reserves this prefix, so no column has such a name.
   */
  private static final String NESTED_TYPE_PREFIX = "_TABLE_";

  static final int URI_NUMBER = 1;
  static final int GENERATION_NUMBER = 2;
  static final int RECORD_NUMBER = 3;

  private RowSchema() {}

  /**
   * The message that {@link ProtoRowWriter} writes, with all its types nested inside, in proto2: a
   * field for each column, by its name, numbered by its place from 1. The types are those that <a
   * href="https://cloud.google.com/bigquery/docs/supported-data-types">BigQuery prefers</a>, and
   * that Beam and Google's client send.
   *
   * <p>A mapping's column names are all names that protobuf allows.
   *
   * @param added what comes behind the mapping's columns
   */
  public static DescriptorProto descriptor(TableColumns table, AddedColumns added) {
    DescriptorProto.Builder row = message("Row", table.columns());
    if (added.lineage()) {
      DescriptorProto type =
          DescriptorProto.newBuilder()
              .setName(NESTED_TYPE_PREFIX + LineageColumn.NAME)
              .addField(
                  optional(LineageColumn.URI, URI_NUMBER, FieldDescriptorProto.Type.TYPE_STRING))
              .addField(
                  optional(
                      LineageColumn.GENERATION,
                      GENERATION_NUMBER,
                      FieldDescriptorProto.Type.TYPE_STRING))
              .addField(
                  optional(
                      LineageColumn.RECORD, RECORD_NUMBER, FieldDescriptorProto.Type.TYPE_INT64))
              .build();
      row.addNestedType(type)
          .addField(
              optional(
                      LineageColumn.NAME,
                      lineageNumber(table),
                      FieldDescriptorProto.Type.TYPE_MESSAGE)
                  .setTypeName(type.getName()));
    }
    if (added.changes()) {
      row.addField(
              optional(
                  AddedColumns.CHANGE_TYPE,
                  changeTypeNumber(table),
                  FieldDescriptorProto.Type.TYPE_STRING))
          .addField(
              optional(
                  AddedColumns.SEQUENCE_NUMBER,
                  sequenceNumberNumber(table),
                  FieldDescriptorProto.Type.TYPE_STRING));
    }
    return row.build();
  }

  /** The type of messages that {@link #descriptor} describes. */
  public static Descriptor messageType(DescriptorProto row) {
    FileDescriptorProto file = FileDescriptorProto.newBuilder().addMessageType(row).build();
    try {
      return FileDescriptor.buildFrom(file, new FileDescriptor[0]).getMessageTypes().get(0);
    } catch (DescriptorValidationException e) {
      throw new IllegalStateException("no message can be made of " + row.getName(), e);
    }
  }

  /** The number of the {@link LineageColumn} column's field. */
  static int lineageNumber(TableColumns table) {
    return table.columns().size() + 1;
  }

  /** The number of the field that says what a row does. */
  static int changeTypeNumber(TableColumns table) {
    return lineageNumber(table) + 1;
  }

  /** The number of the field that puts the changes of one key in order. */
  static int sequenceNumberNumber(TableColumns table) {
    return lineageNumber(table) + 2;
  }

  private static DescriptorProto.Builder message(String name, List<Column> columns) {
    DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(name);
    for (Column column : columns) {
      FieldDescriptorProto.Builder field =
          message
              .addFieldBuilder()
              .setName(column.name())
              .setNumber(message.getFieldCount())
              .setLabel(label(column.mode()))
              .setType(type(column.type()));
      if (column.type() == ColumnType.RECORD) {
        String nested = NESTED_TYPE_PREFIX + column.name();
        message.addNestedType(message(nested, column.columns()));
        field.setTypeName(nested);
      }
    }
    return message;
  }

  private static FieldDescriptorProto.Builder optional(
      String name, int number, FieldDescriptorProto.Type type) {
    return FieldDescriptorProto.newBuilder()
        .setName(name)
        .setNumber(number)
        .setLabel(Label.LABEL_OPTIONAL)
        .setType(type);
  }

  private static Label label(Mode mode) {
    return switch (mode) {
      case NULLABLE -> Label.LABEL_OPTIONAL;
      case REQUIRED -> Label.LABEL_REQUIRED;
      case REPEATED -> Label.LABEL_REPEATED;
    };
  }

  private static FieldDescriptorProto.Type type(ColumnType type) {
    return switch (type) {
      case STRING, JSON -> FieldDescriptorProto.Type.TYPE_STRING;
      case BYTES, NUMERIC, BIGNUMERIC -> FieldDescriptorProto.Type.TYPE_BYTES;
      case INT64, DATETIME, TIME, TIMESTAMP -> FieldDescriptorProto.Type.TYPE_INT64;
      case FLOAT64 -> FieldDescriptorProto.Type.TYPE_DOUBLE;
      case BOOL -> FieldDescriptorProto.Type.TYPE_BOOL;
      case DATE -> FieldDescriptorProto.Type.TYPE_INT32;
      case RECORD -> FieldDescriptorProto.Type.TYPE_MESSAGE;
    };
  }
}
