SELECT r.question, o.answer ->> 'language', o.record
FROM dash.runs r
JOIN dash.run_outcomes o USING (run_id)
WHERE r.thread_id = %(thread_id)s
  AND o.outcome = 'answered'
ORDER BY r.position DESC
LIMIT 1
