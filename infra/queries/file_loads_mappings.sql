-- Which mapping has loaded what: of each mapping and table the files and rows, and from when to when.
SELECT
  l.mapping,
  t.table AS table_name,
  COUNT(*) AS files,
  SUM(t.rows) AS rows_loaded,
  MIN(l.finished) AS first_finished,
  MAX(l.finished) AS last_finished
FROM `${dataset}.file_loads` AS l
CROSS JOIN UNNEST(l.tables) AS t
GROUP BY 1, 2
