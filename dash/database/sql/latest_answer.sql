SELECT r.question, o.answer ->> 'language', o.record
FROM dash.runs r
LEFT JOIN dash.run_outcomes o USING (run_id)
WHERE r.thread_id = %(thread_id)s
  AND o.outcome = 'answered'
  AND r.position = (SELECT max(position) FROM dash.runs WHERE thread_id = %(thread_id)s)
