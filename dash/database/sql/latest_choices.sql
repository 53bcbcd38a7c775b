-- Of the latest turn that somebody waited for.
SELECT o.answer -> 'choices', COALESCE((o.record ->> 'alternatives')::boolean, false)
FROM dash.runs r
LEFT JOIN dash.run_outcomes o USING (run_id)
WHERE r.thread_id = %(thread_id)s
  AND o.outcome IS DISTINCT FROM 'cancelled'
ORDER BY r.position DESC
LIMIT 1
