INSERT INTO dash.job_runs (job, due_at, attempt, begun_at)
VALUES (%(job)s, %(due_at)s, %(attempt)s, %(now)s)
ON CONFLICT DO NOTHING
RETURNING job_run_id
