INSERT INTO dash.stuck_cleared (check_id, ticket, outcome, stage)
SELECT %(check_id)s, t.ticket, t.outcome, t.stage
FROM jsonb_to_recordset(CAST(%(cleared)s AS jsonb)) AS t (ticket text, outcome text, stage text)
