-- Files that wait in the dead letter, and why: those whose last outcome is that they were rejected.
SELECT
  l.uri,
  l.generation,
  l.reason,
  l.message,
  l.line,
  l.column AS column_number,
  l.record,
  l.finished AS since,
  l.mapping
FROM `${dataset}.file_loads` AS l
WHERE l.outcome = 'REJECTED' AND NOT EXISTS (
  SELECT 1
  FROM `${dataset}.file_loads` AS later
  WHERE later.uri = l.uri AND later.finished > l.finished AND later.outcome IN ('ACCEPTED', 'REJECTED'))
