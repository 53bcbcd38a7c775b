INSERT INTO dash.saved_answers (run_id, owner, name)
SELECT r.run_id, %(owner)s, %(name)s
FROM dash.runs r
JOIN dash.threads t USING (thread_id)
WHERE r.run_id = %(run_id)s
  AND t.owner = %(owner)s
RETURNING id
