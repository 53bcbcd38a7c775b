SELECT r.run_id, r.thread_id, r.question, r.asked_at, r.now, o.outcome, o.answer, o.record, r.asked_by, r.zone
FROM dash.runs r
JOIN dash.threads t USING (thread_id)
LEFT JOIN dash.run_outcomes o USING (run_id)
WHERE r.run_id = %(run_id)s
  AND (%(owner)s::text IS NULL OR t.owner = %(owner)s)
