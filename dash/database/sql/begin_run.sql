INSERT INTO dash.runs (run_id, thread_id, asked_by, question, now, zone)
SELECT %(run_id)s, thread_id, %(asked_by)s, %(question)s, %(now)s, %(zone)s
FROM dash.threads
WHERE thread_id = %(thread_id)s
  AND (%(owner)s::text IS NULL OR owner = %(owner)s)
RETURNING run_id
