SELECT r.run_id, r.thread_id, r.question, r.asked_at, r.now, o.outcome, o.answer, o.record, r.asked_by, r.zone
FROM dash.runs r
LEFT JOIN dash.run_outcomes o USING (run_id)
WHERE r.thread_id = %(thread_id)s
ORDER BY r.position
