WITH logged AS (
    INSERT INTO dash.query_log
        (run_id, role, provenance, sql, parameters, verdict, reason, message, rows, truncated, masked, duration_ms)
    SELECT r.run_id, q.role, q.provenance, q.sql, q.parameters, q.verdict, q.reason, q.message, q.rows, q.truncated,
           q.masked, q.duration_ms
    FROM dash.runs r
    CROSS JOIN jsonb_to_recordset(CAST(%(queries)s AS jsonb)) AS q (
        role text, provenance text, sql text, parameters jsonb, verdict text, reason text, message text, rows integer,
        truncated text, masked jsonb, duration_ms double precision
    )
    WHERE r.run_id = %(run_id)s
)
SELECT run_id FROM dash.runs WHERE run_id = %(run_id)s
