SELECT d.message, d.target_name, d.attempt, d.begun_at, COALESCE(r.outcome, 'open'), r.reason
FROM dash.deliveries d
LEFT JOIN dash.delivery_results r USING (delivery_id)
ORDER BY d.delivery_id DESC
LIMIT %(limit)s
