-- How many invalid records each loaded file has left in the dead letter's rows/ (--onInvalidRecord=dead-letter). That a
-- replay has loaded some of them isn't seen here: the dead letter's replayed/ has that.
SELECT
  l.uri,
  l.generation,
  t.table AS table_name,
  t.invalid_records,
  l.finished AS since,
  l.mapping
FROM `${dataset}.file_loads` AS l
CROSS JOIN UNNEST(l.tables) AS t
WHERE t.invalid_records > 0
