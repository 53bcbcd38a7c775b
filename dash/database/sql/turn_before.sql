SELECT r.run_id, r.question, o.outcome, o.record
FROM dash.runs here
JOIN dash.runs r ON r.thread_id = here.thread_id AND r.position < here.position
LEFT JOIN dash.run_outcomes o ON o.run_id = r.run_id
WHERE here.run_id = %(run_id)s
ORDER BY r.position DESC
LIMIT 1
