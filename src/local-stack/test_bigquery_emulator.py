"""Appends rows to the running emulator as BigQueryIO does, and reads them back by SQL.

test_local_stack.py runs it, with the emulator's Python and with REST_URL and GRPC_ADDRESS in the environment.
"""

from __future__ import annotations

import datetime
import decimal
import json
import os
import threading
import unittest
import urllib.request
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import grpc
from google.cloud.bigquery_storage_v1 import types
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor_pb2 import FieldDescriptorProto

TABLES = f"{os.environ['REST_URL']}/bigquery/v2/projects/local-project/datasets/demo/tables"
QUERIES = f"{os.environ['REST_URL']}/bigquery/v2/projects/local-project/queries"
SERVICE = "/google.cloud.bigquery.storage.v1.BigQueryWrite"

COLUMNS = [
    {"name": "Id", "type": "STRING", "mode": "REQUIRED"},
    {"name": "price", "type": "NUMERIC"},
    {"name": "exact", "type": "BIGNUMERIC"},
    {"name": "day", "type": "DATE"},
    {"name": "clock", "type": "TIME"},
    {"name": "civil", "type": "DATETIME"},
    {"name": "moment", "type": "TIMESTAMP"},
    {"name": "raw", "type": "BYTES"},
    {"name": "lines", "type": "RECORD", "mode": "REPEATED", "fields": [
        {"name": "text", "type": "STRING"}, {"name": "quantities", "type": "INT64", "mode": "REPEATED"}]},
]  # fmt: skip

STRING, BYTES = FieldDescriptorProto.TYPE_STRING, FieldDescriptorProto.TYPE_BYTES
INT32, INT64 = FieldDescriptorProto.TYPE_INT32, FieldDescriptorProto.TYPE_INT64
OPTIONAL, REPEATED = FieldDescriptorProto.LABEL_OPTIONAL, FieldDescriptorProto.LABEL_REPEATED


def writer_schema() -> descriptor_pb2.DescriptorProto:
    """In lower case, as BigQueryIO writes it."""
    schema = descriptor_pb2.DescriptorProto(name="Row")
    scalars = [("id", STRING), ("price", BYTES), ("exact", BYTES), ("day", INT32), ("clock", INT64)]
    scalars += [("civil", INT64), ("moment", INT64), ("raw", BYTES)]
    for number, (name, kind) in enumerate(scalars, 1):
        schema.field.add(name=name, number=number, type=kind, label=OPTIONAL)
    schema.field.add(
        name="lines", number=9, type=FieldDescriptorProto.TYPE_MESSAGE, type_name="Line", label=REPEATED
    )
    line = schema.nested_type.add(name="Line")
    line.field.add(name="text", number=1, type=STRING, label=OPTIONAL)
    line.field.add(name="quantities", number=2, type=INT64, label=REPEATED)
    return schema


def _row_class() -> Any:
    file = descriptor_pb2.FileDescriptorProto(name="row.proto", syntax="proto2")
    file.message_type.add().CopyFrom(writer_schema())
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("Row"))


Row = _row_class()


def scaled(value: str, scale: int) -> bytes:
    unscaled = int(decimal.Decimal(value).scaleb(scale, decimal.Context(prec=80)))
    return unscaled.to_bytes(unscaled.bit_length() // 8 + 1, "little", signed=True)


def post(url: str, body: dict[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as response:
        return json.load(response)


def query(sql: str) -> list[list[Any]]:
    answer = post(QUERIES, {"query": sql, "useLegacySql": False})
    if answer.get("errors"):  # The real service would have answered 400.
        raise AssertionError(answer["errors"])
    return [[cell["v"] for cell in row["f"]] for row in answer.get("rows", [])]


class BigQueryEmulatorTest(unittest.TestCase):
    def setUp(self) -> None:
        self.channel = grpc.insecure_channel(os.environ["GRPC_ADDRESS"])
        self.addCleanup(self.channel.close)
        self.table = f"t_{uuid4().hex}"
        reference = {"projectId": "local-project", "datasetId": "demo", "tableId": self.table}
        post(TABLES, {"tableReference": reference, "schema": {"fields": COLUMNS}})
        self.parent = f"projects/local-project/datasets/demo/tables/{self.table}"

    def call(self, method: str, request: Any, answer: Any) -> Any:
        stub = self.channel.unary_unary(f"{SERVICE}/{method}", type(request).serialize, answer.deserialize)
        return stub(request, timeout=30)

    def create(self, kind: str) -> str:
        stream = types.WriteStream(type_=types.WriteStream.Type[kind])
        request = types.CreateWriteStreamRequest(parent=self.parent, write_stream=stream)
        return self.call("CreateWriteStream", request, types.WriteStream).name

    def append(self, stream: str, *batches: list[Any], schema: Any = None) -> list[types.AppendRowsResponse]:
        """Appends over one connection; only its first request names the stream and the schema."""
        requests = []
        for batch in batches:
            rows = types.ProtoRows(serialized_rows=[row.SerializeToString() for row in batch])
            requests.append(types.AppendRowsRequest(proto_rows={"rows": rows}))
        requests[0].write_stream = stream
        requests[0].proto_rows.writer_schema = types.ProtoSchema(proto_descriptor=schema or writer_schema())
        return list(self.connect(iter(requests)))

    def connect(self, requests: Iterator[types.AppendRowsRequest]) -> Any:
        stub = self.channel.stream_stream(
            f"{SERVICE}/AppendRows", types.AppendRowsRequest.serialize, types.AppendRowsResponse.deserialize
        )
        return stub(requests, timeout=30)

    def append_well(self, stream: str, *batches: list[Any]) -> None:
        for answer in self.append(stream, *batches):
            self.assertEqual((answer.error.message, list(answer.row_errors)), ("", []))

    def flush(self, stream: str, offset: int) -> int:
        request = types.FlushRowsRequest(write_stream=stream, offset=offset)
        return self.call("FlushRows", request, types.FlushRowsResponse).offset

    def finalize(self, stream: str) -> int:
        request = types.FinalizeWriteStreamRequest(name=stream)
        return self.call("FinalizeWriteStream", request, types.FinalizeWriteStreamResponse).row_count

    def commit(self, stream: str) -> types.BatchCommitWriteStreamsResponse:
        request = types.BatchCommitWriteStreamsRequest(parent=self.parent, write_streams=[stream])
        return self.call("BatchCommitWriteStreams", request, types.BatchCommitWriteStreamsResponse)

    def ids(self) -> list[str]:
        return [row[0] for row in query(f"SELECT Id FROM demo.{self.table} ORDER BY Id")]

    def test_every_type_arrives_exactly(self) -> None:
        exact = "-12345678901234567890123456789012345678.12345678901234567890123456789012345678"
        row = Row(
            id="a",
            price=scaled("-99999999999999999999999999999.999999999", 9),
            exact=scaled(exact, 38),
            day=(datetime.date(2024, 2, 29) - datetime.date(1970, 1, 1)).days,
            clock=(23 << 12 | 59 << 6 | 58) << 20 | 999_999,
            civil=(2024 << 26 | 2 << 22 | 29 << 17 | 23 << 12 | 59 << 6 | 58) << 20 | 999_999,
            moment=-1,
            raw=b"\x00\xff",
            lines=[Row.Line(text="", quantities=[1, 2]), Row.Line()],
        )
        self.append_well(f"{self.parent}/streams/_default", [row])
        columns = "Id, CAST(price AS STRING), exact, day, clock, civil, UNIX_MICROS(moment), TO_HEX(raw)"
        scalars = query(f"SELECT {columns} FROM demo.{self.table}")[0]
        self.assertEqual(scalars[:3], ["a", "-99999999999999999999999999999.999999999", exact])
        self.assertEqual(scalars[3:6], ["2024-02-29", "23:59:58.999999", "2024-02-29T23:59:58.999999"])
        self.assertEqual(scalars[6:], ["-1", "00ff"])
        lines = f"SELECT l.text, ARRAY_LENGTH(l.quantities) FROM demo.{self.table}, UNNEST(lines) AS l ORDER BY 2"
        self.assertEqual(query(lines), [[None, "0"], ["", "2"]])

    def test_a_null_is_no_empty_string(self) -> None:
        self.append_well(f"{self.parent}/streams/_default", [Row(id="a")])
        self.assertEqual(query(f"SELECT price, day, raw FROM demo.{self.table}"), [[None, None, None]])

    def test_buffered_rows_appear_up_to_the_flushed_offset_inclusively(self) -> None:
        stream = self.create("BUFFERED")
        self.append_well(stream, [Row(id="a"), Row(id="b")], [Row(id="c")])
        self.assertEqual(self.ids(), [])
        self.assertEqual(self.flush(stream, 0), 0)
        self.assertEqual(self.ids(), ["a"])
        self.flush(stream, 2)
        self.assertEqual(self.ids(), ["a", "b", "c"])

    def test_a_flush_that_is_repeated_is_said_to_be_done(self) -> None:
        stream = self.create("BUFFERED")
        self.append_well(stream, [Row(id="a")])
        self.flush(stream, 0)
        with self.assertRaises(grpc.RpcError) as raised:
            self.flush(stream, 0)
        self.assertEqual(raised.exception.code(), grpc.StatusCode.ALREADY_EXISTS)
        self.assertEqual(self.ids(), ["a"])

    def test_pending_rows_appear_once_however_often_they_are_committed(self) -> None:
        stream = self.create("PENDING")
        self.append_well(stream, [Row(id="a"), Row(id="b")])
        self.assertEqual(self.finalize(stream), 2)
        self.assertTrue(self.commit(stream).commit_time)
        self.assertEqual(self.finalize(stream), 2)
        [error] = self.commit(stream).stream_errors
        self.assertEqual(error.code, types.StorageError.StorageErrorCode.STREAM_ALREADY_COMMITTED)
        self.assertEqual(self.ids(), ["a", "b"])

    def test_bad_rows_are_named_and_no_row_of_their_append_is_taken(self) -> None:
        out_of_range = Row(id="b", price=scaled("100000000000000000000000000000", 9))
        [answer] = self.append(f"{self.parent}/streams/_default", [Row(id="a"), out_of_range, Row()])
        self.assertEqual(answer.error.code, grpc.StatusCode.INVALID_ARGUMENT.value[0])
        self.assertEqual([error.index for error in answer.row_errors], [1, 2])
        self.assertIn("price", answer.row_errors[0].message)
        self.assertIn("Id", answer.row_errors[1].message)
        self.assertEqual(self.ids(), [])

    def test_a_column_that_the_table_has_not_is_an_error(self) -> None:
        schema = writer_schema()
        schema.field.add(name="surplus", number=99, type=STRING, label=OPTIONAL)
        [answer] = self.append(f"{self.parent}/streams/_default", [Row(id="a")], schema=schema)
        self.assertIn("surplus", answer.error.message)
        self.assertEqual(self.ids(), [])

    def test_an_append_to_a_missing_table_is_denied(self) -> None:
        with self.assertRaises(grpc.RpcError) as raised:
            self.append(f"{self.parent}_missing/streams/_default", [Row(id="a")])
        self.assertEqual(raised.exception.code(), grpc.StatusCode.PERMISSION_DENIED)

    def test_many_connections_stay_open_at_once(self) -> None:
        done = threading.Event()
        self.addCleanup(done.set)

        def requests(number: int) -> Iterator[types.AppendRowsRequest]:
            rows = types.ProtoRows(serialized_rows=[Row(id=f"{number:02}").SerializeToString()])
            schema = types.ProtoSchema(proto_descriptor=writer_schema())
            yield types.AppendRowsRequest(
                write_stream=f"{self.parent}/streams/_default", proto_rows={"rows": rows, "writer_schema": schema}
            )
            done.wait()

        connections = [self.connect(requests(number)) for number in range(40)]
        for connection in connections:
            self.assertEqual(next(connection).error.message, "")
        self.assertEqual(self.ids(), [f"{number:02}" for number in range(40)])


if __name__ == "__main__":
    unittest.main()
