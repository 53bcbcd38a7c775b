-- A person's pins in the order of the latest arrangement; those that it does not name come last, oldest first.
WITH latest AS (
    SELECT pin_ids
    FROM dash.pin_arrangements
    WHERE owner = %(owner)s
    ORDER BY id DESC
    LIMIT 1
)
SELECT p.pin_id, p.run_id, p.title, r.question, p.pinned_at
FROM dash.pins p
JOIN dash.runs r USING (run_id)
LEFT JOIN latest ON TRUE
WHERE p.owner = %(owner)s AND NOT EXISTS (SELECT FROM dash.pin_removals d WHERE d.pin_id = p.pin_id)
ORDER BY array_position(latest.pin_ids, p.pin_id) NULLS LAST, p.position
