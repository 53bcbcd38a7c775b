-- The latest message of a kind that a target got, or may have got: its key is the kind and a number, below one where
-- that is given.
SELECT substr(d.message, length(%(kind)s) + 2)
FROM dash.deliveries d
JOIN dash.delivery_results r USING (delivery_id)
WHERE d.target_digest = %(target_digest)s
  AND d.message ~ ('^' || %(kind)s || ':[0-9]+$')
  AND (CAST(%(before)s AS bigint) IS NULL OR CAST(substr(d.message, length(%(kind)s) + 2) AS bigint) < %(before)s)
  AND r.outcome IN ('sent', 'uncertain')
ORDER BY d.delivery_id DESC
LIMIT 1
