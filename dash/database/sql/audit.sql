-- Newest runs first, each with its queries in the order in which they ran. A run without an outcome was interrupted.
WITH asked AS (
    SELECT r.run_id, r.position, r.thread_id, r.asked_by, r.asked_at, r.question, o.outcome, o.finished_at
    FROM dash.runs r
    LEFT JOIN dash.run_outcomes o USING (run_id)
    WHERE (CAST(%(since)s AS timestamptz) IS NULL OR r.asked_at >= %(since)s)
      AND (CAST(%(asked_by)s AS text) IS NULL OR r.asked_by = %(asked_by)s)
      AND (
          CAST(%(outcome)s AS text) IS NULL
          OR COALESCE(o.outcome, 'interrupted') = %(outcome)s
          OR EXISTS (SELECT FROM dash.query_log q WHERE q.run_id = r.run_id AND q.verdict = %(outcome)s)
      )
    ORDER BY r.position DESC
    LIMIT %(limit)s
)
SELECT asked.run_id,
       asked.thread_id,
       asked.asked_by,
       asked.asked_at,
       asked.finished_at,
       COALESCE(asked.outcome, 'interrupted') AS outcome,
       asked.question,
       queries.list
FROM asked
CROSS JOIN LATERAL (
    SELECT COALESCE(jsonb_agg(to_jsonb(q) - 'id' - 'run_id' - 'logged_at' ORDER BY q.id), '[]') AS list
    FROM dash.query_log q
    WHERE q.run_id = asked.run_id
) AS queries
ORDER BY asked.position DESC
