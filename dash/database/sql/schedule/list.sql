SELECT r.job, r.due_at, r.attempt, r.begun_at, e.ended_at, COALESCE(e.outcome, 'running'), e.summary
FROM dash.job_runs r
LEFT JOIN dash.job_results e USING (job_run_id)
WHERE CAST(%(job)s AS text) IS NULL OR r.job = %(job)s
ORDER BY r.job_run_id DESC
LIMIT %(limit)s
