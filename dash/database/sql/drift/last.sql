-- The last look at the data that was made with these files.
SELECT findings
FROM dash.drift_looks
WHERE knowledge = %(knowledge)s
ORDER BY look_id DESC
LIMIT 1
