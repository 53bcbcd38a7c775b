-- The next try of a message to a target, unless the last one was sent, may have been sent, or is on its way.
-- %(again)s sends it once more whatever became of it, unless it is on its way.
WITH last AS (
    SELECT d.delivery_id, d.attempt, r.outcome
    FROM dash.deliveries d
    LEFT JOIN dash.delivery_results r USING (delivery_id)
    WHERE d.message = %(message)s AND d.target_digest = %(target_digest)s
    ORDER BY d.attempt DESC
    LIMIT 1
)
INSERT INTO dash.deliveries (message, target_name, target_digest, attempt)
SELECT %(message)s, %(target_name)s, %(target_digest)s, COALESCE((SELECT attempt FROM last), 0) + 1
WHERE NOT EXISTS (SELECT FROM last WHERE outcome IS NULL OR (outcome IN ('sent', 'uncertain') AND NOT %(again)s))
ON CONFLICT DO NOTHING
RETURNING delivery_id, attempt
