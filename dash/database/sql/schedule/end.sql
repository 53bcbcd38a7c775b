INSERT INTO dash.job_results (job_run_id, outcome, summary, ended_at)
VALUES (%(job_run_id)s, %(outcome)s, %(summary)s, %(now)s)
ON CONFLICT DO NOTHING
