#!/bin/sh
# DuckDB's SUM of a BIGINT is exact, until it is written to Parquet: there it is a DOUBLE.
#
# Found: the sum of BIGINTs is a HUGEINT, for which Parquet has no type, and COPY writes DOUBLE in its place without
# saying so. From 2^53 on it is rounded. Cast to BIGINT or DECIMAL it stays exact.
# One would guess an error, or a DECIMAL: HUGEINT has 38 digits, as Parquet's DECIMAL may have.
#
# duckdb 2.0.1. Seen 2026-11-29; the output is below.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"
python3 -m pip install -qq --no-deps --target lib duckdb==2.0.1

cat >find.py <<'END'
import duckdb

duckdb.sql("CREATE TABLE cents AS SELECT unnest([9007199254740993, 0]) AS amount")
for total in ("sum(amount)", "sum(amount)::BIGINT"):
    print("summed: ", duckdb.sql(f"SELECT {total} AS t, typeof(t) FROM cents").fetchall())
    duckdb.sql(f"COPY (SELECT {total} AS t FROM cents) TO 'total.parquet'")
    print("written:", duckdb.sql("SELECT t, typeof(t) FROM 'total.parquet'").fetchall())
END
cat >expected <<'END'
summed:  [(9007199254740993, 'HUGEINT')]
written: [(9007199254740992.0, 'DOUBLE')]
summed:  [(9007199254740993, 'BIGINT')]
written: [(9007199254740993, 'BIGINT')]
END
PYTHONPATH=lib python3 find.py >actual
if ! cmp -s expected actual; then
  printf '%s\n' "expected:" "$(cat expected)" "but was:" "$(cat actual)"
  exit 1
fi
cat actual
