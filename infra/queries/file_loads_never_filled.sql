-- Columns that no file of the last 30 days has filled, of tables that got rows, and the path in files that was
-- probably meant.
WITH loaded AS (
  SELECT l.warnings, l.tables, CONCAT(SPLIT(l.uri, '!')[OFFSET(0)], '#', l.generation, CAST(l.started AS STRING)) AS file
  FROM `${dataset}.file_loads` AS l
  WHERE l.outcome = 'ACCEPTED' AND l.finished >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 30 DAY)
),
with_rows AS (
  SELECT t.table AS table_name, COUNT(DISTINCT file) AS files
  FROM loaded
  CROSS JOIN UNNEST(loaded.tables) AS t
  WHERE t.rows + t.invalid_records > 0
  GROUP BY 1
),
unfilled AS (
  SELECT w.table AS table_name, w.path AS column_path, MAX(w.nearest) AS nearest, COUNT(DISTINCT file) AS files
  FROM loaded
  CROSS JOIN UNNEST(loaded.warnings) AS w
  WHERE w.kind = 'NEVER_FILLED' AND w.path IS NOT NULL
  GROUP BY 1, 2
)
SELECT unfilled.table_name, unfilled.column_path, unfilled.nearest, unfilled.files
FROM unfilled
JOIN with_rows ON with_rows.table_name = unfilled.table_name AND with_rows.files = unfilled.files
