-- What came today (UTC): files by outcome, and of loaded ones the rows of each table. A file of several tables counts at each.
SELECT
  l.outcome,
  t.table AS table_name,
  COUNT(*) AS files,
  SUM(t.rows) AS rows_loaded,
  SUM(t.invalid_records) AS invalid_records,
  MAX(l.finished) AS last_finished
FROM `${dataset}.file_loads` AS l
LEFT JOIN UNNEST(l.tables) AS t
WHERE l.finished >= TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), DAY)
GROUP BY 1, 2
