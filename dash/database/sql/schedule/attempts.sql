SELECT r.job_run_id, r.attempt, r.begun_at, e.outcome, e.ended_at
FROM dash.job_runs r
LEFT JOIN dash.job_results e USING (job_run_id)
WHERE r.job = %(job)s AND r.due_at = %(due_at)s
ORDER BY r.attempt
