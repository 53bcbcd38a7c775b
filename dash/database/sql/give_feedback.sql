INSERT INTO dash.feedback (run_id, given_by, verdict, correction, said, note, learning_id)
SELECT r.run_id, %(given_by)s, %(verdict)s, %(correction)s, %(said)s, %(note)s, %(learning_id)s
FROM dash.runs r
JOIN dash.threads t USING (thread_id)
WHERE r.run_id = %(run_id)s
  AND t.owner = %(given_by)s
RETURNING id
