-- What the latest turn answered; a turn that nobody waited for is as if it had not been.
SELECT r.question, o.answer ->> 'language', o.record
FROM dash.runs r
LEFT JOIN dash.run_outcomes o USING (run_id)
WHERE r.thread_id = %(thread_id)s
  AND o.outcome = 'answered'
  AND r.position = (
      SELECT max(p.position)
      FROM dash.runs p
      LEFT JOIN dash.run_outcomes e USING (run_id)
      WHERE p.thread_id = %(thread_id)s
        AND e.outcome IS DISTINCT FROM 'cancelled'
  )
