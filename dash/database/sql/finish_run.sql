WITH finished AS (
    INSERT INTO dash.run_outcomes (run_id, outcome, answer, record)
    SELECT run_id, %(outcome)s, CAST(%(answer)s AS jsonb), CAST(%(record)s AS jsonb)
    FROM dash.runs
    WHERE run_id = %(run_id)s
    ON CONFLICT (run_id) DO NOTHING
    RETURNING run_id
), logged AS (
    INSERT INTO dash.query_log
        (run_id, role, provenance, sql, parameters, verdict, reason, message, rows, truncated, masked, duration_ms)
    SELECT finished.run_id, q.role, q.provenance, q.sql, q.parameters, q.verdict, q.reason, q.message, q.rows,
           q.truncated, q.masked, q.duration_ms
    FROM finished
    CROSS JOIN jsonb_to_recordset(CAST(%(queries)s AS jsonb)) AS q (
        role text, provenance text, sql text, parameters jsonb, verdict text, reason text, message text, rows integer,
        truncated text, masked jsonb, duration_ms double precision
    )
)
SELECT run_id FROM dash.runs WHERE run_id = %(run_id)s
