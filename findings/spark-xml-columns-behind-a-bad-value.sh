#!/bin/sh
# Spark's XML reader, given a schema, has NULL in every column that comes after a value of the wrong type.
#
# Found: in the default mode PERMISSIVE, of a=1, b=x (an INT), c=z the row is 1, NULL, NULL: c is gone, although it is a
# STRING and was read from the file. With the columns of the same record in JSON, c is kept.
# One would guess that only the bad value is NULL, as the documentation of the mode says of malformed fields and as the
# readers of CSV and JSON do. Without the _corrupt_record column in the schema nothing tells.
#
# pyspark 4.0.1, Java 17. Seen 2026-11-30; the output is below.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"
python3 -m pip install -qq --target lib pyspark==4.0.1

cat >find.py <<'END'
import os

from pyspark.sql import SparkSession

os.mkdir("in")
with open("in/one.xml", "w") as out:
    out.write("<r><i><a>1</a><b>x</b><c>z</c></i><i><a>1</a><b>2</b><c>z</c></i></r>")
with open("in/one.json", "w") as out:
    out.write('{"a": 1, "b": "x", "c": "z"}\n{"a": 1, "b": 2, "c": "z"}\n')
spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
reader = spark.read.schema("a INT, b INT, c STRING")
print("XML ", [tuple(row) for row in reader.format("xml").option("rowTag", "i").load("in/one.xml").collect()])
print("JSON", [tuple(row) for row in reader.json("in/one.json").collect()])
END
cat >expected <<'END'
XML  [(1, None, None), (1, 2, 'z')]
JSON [(1, None, 'z'), (1, 2, 'z')]
END
PYTHONPATH=lib python3 find.py >actual 2>log || { cat log; exit 1; }
if ! cmp -s expected actual; then
  printf '%s\n' "expected:" "$(cat expected)" "but was:" "$(cat actual)"
  exit 1
fi
cat actual
