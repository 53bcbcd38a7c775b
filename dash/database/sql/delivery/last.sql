SELECT d.delivery_id, d.attempt, COALESCE(r.outcome, 'open'), r.reason, COALESCE(r.ended_at, d.begun_at)
FROM dash.deliveries d
LEFT JOIN dash.delivery_results r USING (delivery_id)
WHERE d.message = %(message)s AND d.target_digest = %(target_digest)s
ORDER BY d.attempt DESC
LIMIT 1
