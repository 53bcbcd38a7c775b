INSERT INTO dash.thread_titles (thread_id, title)
SELECT thread_id, %(title)s
FROM dash.threads
WHERE thread_id = %(thread_id)s
  AND (%(owner)s::text IS NULL OR owner = %(owner)s)
RETURNING thread_id
