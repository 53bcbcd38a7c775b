INSERT INTO dash.thread_hidings (thread_id, hidden)
SELECT thread_id, %(hidden)s
FROM dash.threads
WHERE thread_id = %(thread_id)s
  AND (%(owner)s::text IS NULL OR owner = %(owner)s)
RETURNING thread_id
