-- Pins an answered run of one's own; one that hangs there already stays, so pinning twice is pinning once.
WITH allowed AS (
    SELECT r.run_id
    FROM dash.runs r
    JOIN dash.threads t USING (thread_id)
    JOIN dash.run_outcomes o USING (run_id)
    WHERE r.run_id = %(run_id)s AND t.owner = %(owner)s AND o.outcome = 'answered'
), hanging AS (
    SELECT p.pin_id
    FROM dash.pins p
    JOIN allowed USING (run_id)
    WHERE p.owner = %(owner)s AND NOT EXISTS (SELECT FROM dash.pin_removals d WHERE d.pin_id = p.pin_id)
), added AS (
    INSERT INTO dash.pins (pin_id, run_id, owner, title)
    SELECT %(pin_id)s, run_id, %(owner)s, %(title)s
    FROM allowed
    WHERE NOT EXISTS (SELECT FROM hanging)
    RETURNING pin_id
)
SELECT pin_id FROM added
UNION ALL
SELECT pin_id FROM hanging
LIMIT 1
