WITH finished AS (
    INSERT INTO dash.run_outcomes (run_id, outcome, answer, record)
    SELECT run_id, %(outcome)s, CAST(%(answer)s AS jsonb), CAST(%(record)s AS jsonb)
    FROM dash.runs
    WHERE run_id = %(run_id)s
    ON CONFLICT (run_id) DO NOTHING
)
SELECT run_id FROM dash.runs WHERE run_id = %(run_id)s
