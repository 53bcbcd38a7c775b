SELECT run_id FROM dash.run_cancellations WHERE run_id = ANY(%(run_ids)s)
