"""Starts bqemulator 1.4.0, mended from outside where BigQueryIO's Storage Write API would meet a defect of it.

Usage: bigquery_emulator.py PROJECT REST_PORT GRPC_PORT

It runs in the environment of requirements.txt. What is mended, each at its place below:

- it starts without the internet (DuckDB's spatial extension, so no GEOGRAPHY);
- a table keeps no copy of itself for every append (so no FOR SYSTEM_TIME AS OF);
- BIGNUMERIC, which DuckDB hasn't: it is kept as text, exactly;
- RECORD columns keep their inner fields, whose names may be keywords;
- NUMERIC, DATE, TIME, DATETIME and TIMESTAMP are read in the API's binary encodings;
- an append at a wrong offset, or to a finalized stream, is answered with the API's reason;
- a row that doesn't fit is answered as the API does, with the row's number; a column too many is an error;
- an append to a table that isn't there is answered as the service does (apache/beam#40102), so that it is created;
- the first request of a connection may name the stream for all that follow;
- as many clients as like keep a connection open (each takes a thread, and there were few);
- FlushRows makes the row at its offset visible too, and repeated calls are answered as BigQueryIO expects it.

These follow the API's description and what BigQueryIO relies on. No part of this was compared with the real service.
"""

from __future__ import annotations

import datetime
import decimal
import functools
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import grpc
import pyarrow
from bqemulator.api.routes import tabledata, tables
from bqemulator.config import LogFormat, LogLevel, Settings
from bqemulator.grpc_api import write_servicer
from bqemulator.server import run_forever
from bqemulator.storage import type_map
from bqemulator.storage.arrow_bridge import _coerce_to_arrow_value
from bqemulator.storage.engine import DuckDBEngine
from bqemulator.storage.sql_identifiers import quoted_table_ref
from bqemulator.streaming.write_stream import (
    DEFAULT_STREAM_SUFFIX,
    WriteStream,
    WriteStreamState,
    WriteStreamType,
    parse_table_parent,
)
from bqemulator.versioning.snapshots import SnapshotManager
from google.cloud.bigquery_storage_v1 import types
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import DecodeError, Message
from google.rpc import status_pb2

Convert = Callable[[Any], Any]

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
EPOCH_DAY = datetime.date(1970, 1, 1)
WIDE = decimal.Context(prec=80)

CONNECTIONS = 1000

NUMERIC_SCALE = 9
NUMERIC_UNSCALED = range(-(10**38) + 1, 10**38)
BIGNUMERIC_SCALE = 38
BIGNUMERIC_UNSCALED = range(-(2**255), 2**255)


StorageErrorCode = types.StorageError.StorageErrorCode

# What the emulator answers to an append that it can't take: what the API answers, and its reason.
APPEND_ERRORS = {
    grpc.StatusCode.ALREADY_EXISTS: (grpc.StatusCode.ALREADY_EXISTS, StorageErrorCode.OFFSET_ALREADY_EXISTS),
    grpc.StatusCode.OUT_OF_RANGE: (grpc.StatusCode.OUT_OF_RANGE, StorageErrorCode.OFFSET_OUT_OF_RANGE),
    grpc.StatusCode.FAILED_PRECONDITION: (grpc.StatusCode.INVALID_ARGUMENT, StorageErrorCode.STREAM_FINALIZED),
}


class BadRow(ValueError):
    """A row that the table can't take. The message names the column."""


class BadRows(ValueError):
    """The rows of one append that the table can't take: number in the append, and why."""

    def __init__(self, problems: dict[int, str]) -> None:
        super().__init__("Errors found while processing rows. Please refer to the row_errors field for details.")
        self.problems = problems


# From the encodings of the Storage Write API to Python. For each the API takes a string as well.


def numeric(value: Any) -> decimal.Decimal:
    return _decimal(value, NUMERIC_SCALE, NUMERIC_UNSCALED)


def bignumeric(value: Any) -> str:
    """Without trailing zeros, as BigQuery's REST API writes it."""
    number = _decimal(value, BIGNUMERIC_SCALE, BIGNUMERIC_UNSCALED)
    return format(number.normalize(WIDE), "f") if number else "0"


def _decimal(value: Any, scale: int, unscaled_range: range) -> decimal.Decimal:
    if isinstance(value, bytes):
        unscaled = int.from_bytes(value, "little", signed=True)
    else:
        exact = decimal.Decimal(str(value)).scaleb(scale, WIDE)
        unscaled = int(exact.to_integral_value(decimal.ROUND_HALF_UP))
    if unscaled not in unscaled_range:
        raise ValueError("out of range")
    return decimal.Decimal(unscaled).scaleb(-scale, WIDE)


def date(value: Any) -> datetime.date:
    if isinstance(value, int):
        return EPOCH_DAY + datetime.timedelta(days=value)
    return datetime.date.fromisoformat(value)


def timestamp(value: Any) -> datetime.datetime:
    if isinstance(value, int):
        return EPOCH + datetime.timedelta(microseconds=value)
    moment = datetime.datetime.fromisoformat(value.replace(" UTC", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


def time(value: Any) -> datetime.time:
    if isinstance(value, int):
        return datetime.time(value >> 32, value >> 26 & 0x3F, value >> 20 & 0x3F, value & 0xFFFFF)
    return datetime.time.fromisoformat(value)


def civil_datetime(value: Any) -> datetime.datetime:
    if isinstance(value, int):
        day = datetime.date(value >> 46, value >> 42 & 0xF, value >> 37 & 0x1F)
        return datetime.datetime.combine(day, time(value & (1 << 37) - 1))
    return datetime.datetime.fromisoformat(value)


CONVERSIONS: dict[str, Convert] = {
    "NUMERIC": numeric,
    "BIGNUMERIC": bignumeric,
    "DATE": date,
    "TIMESTAMP": timestamp,
    "TIME": time,
    "DATETIME": civil_datetime,
}


class RowReader:
    """Reads the serialized rows of one writer's schema into a table's columns."""

    def __init__(self, writer_schema: descriptor_pb2.DescriptorProto, table_schema: pyarrow.Schema) -> None:
        self._schema = table_schema
        self._descriptor = _descriptor(writer_schema)
        self._message_class = message_factory.GetMessageClass(self._descriptor)
        self._read = _record(table_schema, self._descriptor, "")

    def table(self, serialized_rows: Iterable[bytes]) -> pyarrow.Table:
        """All rows, or BadRows: the API takes an append as a whole or not at all."""
        rows: list[dict[str, Any]] = []
        problems: dict[int, str] = {}
        for number, serialized in enumerate(serialized_rows):
            try:
                rows.append(self._row(serialized))
            except (ValueError, OverflowError, ArithmeticError, TypeError, DecodeError) as problem:
                problems[number] = str(problem)
        if problems:
            raise BadRows(problems)
        return pyarrow.Table.from_pylist(rows, schema=self._schema)

    def _row(self, serialized: bytes) -> dict[str, Any]:
        message = self._message_class()
        message.ParseFromString(serialized)
        return self._read(message)


def _descriptor(writer_schema: descriptor_pb2.DescriptorProto) -> Descriptor:
    file = descriptor_pb2.FileDescriptorProto(name=f"{uuid4().hex}.proto", syntax="proto2")
    file.message_type.add().CopyFrom(writer_schema)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return pool.FindMessageTypeByName(writer_schema.name)


def _record(fields: Iterable[pyarrow.Field], descriptor: Descriptor, path: str) -> Callable[[Message], dict[str, Any]]:
    """A function from a message to its values. Names of columns don't distinguish case."""
    sources = {source.name.lower(): source for source in descriptor.fields}
    columns = [(field.name, _field(field, sources.pop(field.name.lower(), None), path)) for field in fields]
    if sources:
        raise ValueError(f"Input schema has more fields than BigQuery schema, extra fields: '{','.join(sources)}'")
    return lambda message: {name: read(message) for name, read in columns}


def _field(field: pyarrow.Field, source: FieldDescriptor | None, path: str) -> Callable[[Message], Any]:
    path = f"{path}{field.name}"
    repeated = pyarrow.types.is_list(field.type)

    def missing(_: Message) -> Any:
        if not field.nullable:
            raise BadRow(f"Field {path}: the value is missing, and the field is REQUIRED")
        return [] if repeated else None

    if source is None:
        return missing
    name = source.name
    convert = _naming(path, _conversion(field, source, path))
    if repeated:
        return lambda message: [convert(value) for value in getattr(message, name)]
    if not source.has_presence:
        return lambda message: convert(getattr(message, name))
    return lambda message: convert(getattr(message, name)) if message.HasField(name) else missing(message)


def _conversion(field: pyarrow.Field, source: FieldDescriptor, path: str) -> Convert:
    value_type = field.type.value_type if pyarrow.types.is_list(field.type) else field.type
    if source.message_type is not None:
        return _record(value_type, source.message_type, f"{path}.")
    bigquery_type = (field.metadata or {}).get(b"bq_type", b"").decode()
    return CONVERSIONS.get(bigquery_type) or (lambda value: _coerce_to_arrow_value(value, value_type))


def _naming(path: str, convert: Convert) -> Convert:
    def named(value: Any) -> Any:
        try:
            return convert(value)
        except BadRow:
            raise
        except (ValueError, OverflowError, ArithmeticError, TypeError) as problem:
            raise BadRow(f"Field {path}: the value is invalid: {problem}") from problem

    return named


class StorageWrite(write_servicer.BigQueryWriteHandler):
    """The Storage Write API, for rows in protobuf."""

    def _handle_append_rows(self, request_iterator: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
        bound: tuple[WriteStream, pyarrow.Schema] | None = None
        writer_schema: descriptor_pb2.DescriptorProto | None = None
        reader: RowReader | None = None
        for request_bytes in request_iterator:
            if len(request_bytes) > self._ctx.settings.write_api_max_request_bytes:
                yield write_servicer._oversize_error_response(
                    request_bytes_len=len(request_bytes),
                    max_bytes=self._ctx.settings.write_api_max_request_bytes,
                    bound_ctx=bound,
                )
                continue
            request = types.AppendRowsRequest.pb(types.AppendRowsRequest.deserialize(request_bytes))
            if bound is None or request.write_stream not in ("", bound[0].name):
                bound = self._bind_stream_to_target(request.write_stream, context)
                reader = None
            if bound is None:
                return
            stream, table_schema = bound
            if request.proto_rows.HasField("writer_schema"):
                writer_schema = request.proto_rows.writer_schema.proto_descriptor
                reader = None
            try:
                if reader is None:
                    reader = _row_reader(writer_schema, table_schema)
                rows = reader.table(request.proto_rows.rows.serialized_rows)
            except BadRows as problem:
                yield _bad_rows_response(stream.name, problem)
            except (ValueError, TypeError) as problem:
                yield write_servicer._error_response(stream.name, str(problem))
            else:
                offset = request.offset.value if request.HasField("offset") else None
                limit = self._ctx.settings.write_api_max_stream_rows
                yield self._perform_append(stream, rows, offset, limit)

    def _perform_append(
        self, stream: WriteStream, rows: pyarrow.Table, offset: int | None, max_buffered_rows: int
    ) -> bytes:
        """Adds to an error what it is about, which clients go by."""
        answer = super()._perform_append(stream, rows, offset, max_buffered_rows)
        response = types.AppendRowsResponse.pb(types.AppendRowsResponse.deserialize(answer))
        for code, (api_code, reason) in APPEND_ERRORS.items():
            if response.error.code == code.value[0]:
                detail = types.StorageError(code=reason, entity=stream.name, error_message=response.error.message)
                response.error.code = api_code.value[0]
                response.error.details.add().Pack(types.StorageError.pb(detail))
                return response.SerializeToString()
        return answer

    def _resolve_append_stream(self, stream_name: str, context: grpc.ServicerContext) -> WriteStream | None:
        table, _, stream = stream_name.partition("/streams/")
        if stream == DEFAULT_STREAM_SUFFIX and self._ctx.catalog.get_table(*parse_table_parent(table)) is None:
            message = f"Permission 'TABLES_UPDATE_DATA' denied on resource '{table}' (or it may not exist)."
            _fail(context, grpc.StatusCode.PERMISSION_DENIED, message)
            return None
        return super()._resolve_append_stream(stream_name, context)

    def _handle_flush_rows(self, request_bytes: bytes, context: grpc.ServicerContext) -> bytes:
        request = types.FlushRowsRequest.deserialize(request_bytes)
        stream = self._manager.get(request.write_stream)
        if stream is None:
            return _fail(context, grpc.StatusCode.NOT_FOUND, f"Requested entity was not found: {request.write_stream}")
        with stream.lock:
            if stream.stream_type is not WriteStreamType.BUFFERED or stream.state is not WriteStreamState.OPEN:
                return _fail(context, grpc.StatusCode.INVALID_ARGUMENT, f"Stream can't be flushed: {stream.name}")
            if request.offset < stream.flushed_rows:
                return _fail(context, grpc.StatusCode.ALREADY_EXISTS, f"Rows are already flushed: {stream.name}")
            if request.offset >= stream.next_offset:
                return _fail(context, grpc.StatusCode.OUT_OF_RANGE, f"Offset is beyond the end: {stream.name}")
            rows = _take_rows(stream, request.offset + 1 - stream.flushed_rows)
            self._flush_to_target(stream, rows)
        return types.FlushRowsResponse.serialize(types.FlushRowsResponse(offset=request.offset))

    def _handle_finalize_write_stream(self, request_bytes: bytes, context: grpc.ServicerContext) -> bytes:
        request = types.FinalizeWriteStreamRequest.deserialize(request_bytes)
        stream = self._manager.get(request.name)
        if stream is not None and stream.state is WriteStreamState.COMMITTED:
            return types.FinalizeWriteStreamResponse.serialize(
                types.FinalizeWriteStreamResponse(row_count=stream.row_count)
            )
        return super()._handle_finalize_write_stream(request_bytes, context)

    def _handle_batch_commit_write_streams(self, request_bytes: bytes, context: grpc.ServicerContext) -> bytes:
        """Says of a stream that was committed before that it was: so a client knows after a lost answer."""
        request = types.BatchCommitWriteStreamsRequest.deserialize(request_bytes)
        with self._write_lock:
            streams = [self._manager.get(name) for name in request.write_streams]
            errors = [_committed_error(s) for s in streams if s and s.state is WriteStreamState.COMMITTED]
            if not errors:
                return super()._handle_batch_commit_write_streams(request_bytes, context)
        return types.BatchCommitWriteStreamsResponse.serialize(
            types.BatchCommitWriteStreamsResponse(stream_errors=errors)
        )

    def _flush_to_target(self, stream: WriteStream, rows: pyarrow.Table) -> None:
        """Inserts over a connection of its own: the emulator's is in use by queries, and has but one result."""
        project, dataset, table = stream.project_id, stream.dataset_id, stream.table_id
        with self._write_lock:
            with self._ctx.engine.connection.cursor() as connection:
                connection.register("appended", rows)
                connection.execute(f"INSERT INTO {quoted_table_ref(project, dataset, table)} SELECT * FROM appended")
            meta = self._ctx.catalog.get_table(project, dataset, table)
            if meta is not None:
                self._ctx.catalog.update_table(meta.model_copy(update={"num_rows": meta.num_rows + rows.num_rows}))
            self._ctx.snapshots.record_change(project, dataset, table)


def _row_reader(writer_schema: descriptor_pb2.DescriptorProto | None, table_schema: pyarrow.Schema) -> RowReader:
    if writer_schema is None:
        raise ValueError("The first request of a connection must have a writer schema, and its rows be in protobuf")
    return RowReader(writer_schema, table_schema)


def _bad_rows_response(stream_name: str, problem: BadRows) -> bytes:
    code = types.RowError.RowErrorCode.FIELDS_ERROR
    response = types.AppendRowsResponse(
        write_stream=stream_name,
        error=status_pb2.Status(code=grpc.StatusCode.INVALID_ARGUMENT.value[0], message=str(problem)),
        row_errors=[types.RowError(index=n, code=code, message=message) for n, message in problem.problems.items()],
    )
    return types.AppendRowsResponse.serialize(response)


def _committed_error(stream: WriteStream) -> types.StorageError:
    return types.StorageError(
        code=StorageErrorCode.STREAM_ALREADY_COMMITTED,
        entity=stream.name,
        error_message=f"Stream is already committed: {stream.name}",
    )


def _take_rows(stream: WriteStream, count: int) -> pyarrow.Table:
    """Takes the first rows out of the stream's buffer."""
    rows = pyarrow.concat_tables(stream.buffer)
    stream.buffer[:] = [rows.slice(count)]
    stream.flushed_rows += count
    return rows.slice(0, count)


def _fail(context: grpc.ServicerContext, code: grpc.StatusCode, message: str) -> bytes:
    context.set_code(code)
    context.set_details(message)
    return b""


def _table_arrow_schema(meta: Any) -> pyarrow.Schema:
    return tabledata._build_arrow_schema(tabledata._fields_raw_from_schema(meta.schema_.fields))


def _table_proto_schema(meta: Any) -> types.TableSchema:
    return types.TableSchema(fields=[_proto_field(field) for field in meta.schema_.fields])


def _proto_field(field: Any) -> types.TableFieldSchema:
    record = field.type.upper() in ("RECORD", "STRUCT")
    return types.TableFieldSchema(
        name=field.name,
        mode=write_servicer._bq_mode_to_storage_mode(field.mode),
        type_=types.TableFieldSchema.Type.STRUCT if record else write_servicer._bq_type_to_storage_type(field.type),
        fields=[_proto_field(inner) for inner in field.fields],
    )


def _quoting_inner_names(field: dict[str, Any]) -> dict[str, Any]:
    """The field as it is to stand in a CREATE TABLE, which quotes the names of a table's own columns only."""
    inner = [
        {**_quoting_inner_names(inner), "name": '"' + inner["name"].replace('"', '""') + '"'}
        for inner in field.get("fields") or ()
    ]
    return {**field, "fields": inner}


def mend() -> None:
    """Puts what is mended into the emulator's modules."""
    DuckDBEngine._load_spatial = lambda self: None
    SnapshotManager.capture = lambda self, *table, **kind: None

    columns = type_map.bq_schema_to_duckdb_columns
    tables.bq_schema_to_duckdb_columns = lambda fields: columns([_quoting_inner_names(field) for field in fields])

    arrow_type = tabledata._bq_type_to_arrow
    type_map._BQ_TO_DUCKDB["BIGNUMERIC"] = "VARCHAR"
    tabledata._bq_type_to_arrow = lambda name: pyarrow.string() if name == "BIGNUMERIC" else arrow_type(name)

    threads = ThreadPoolExecutor(CONNECTIONS)
    grpc.aio.server = functools.partial(grpc.aio.server, migration_thread_pool=threads)
    write_servicer._table_arrow_schema = _table_arrow_schema
    write_servicer._table_meta_to_proto_schema = _table_proto_schema
    write_servicer.BigQueryWriteHandler = StorageWrite


def main(project: str, rest_port: str, grpc_port: str) -> None:
    mend()
    run_forever(
        Settings(
            default_project_id=project,
            rest_port=int(rest_port),
            grpc_port=int(grpc_port),
            query_cache_ttl_seconds=0,
            enable_format_extensions=False,
            log_level=LogLevel.WARNING,
            log_format=LogFormat.CONSOLE,
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
