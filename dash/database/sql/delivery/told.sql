-- The latest message of a kind that a target got, or may have got (a try without an end is one too): its key is the kind
-- and a number, below one where that is given. CASE, because a key of another kind has no number.
SELECT substr(d.message, length(%(kind)s) + 2)
FROM dash.deliveries d
LEFT JOIN dash.delivery_results r USING (delivery_id)
WHERE d.target_digest = %(target_digest)s
  AND CASE
      WHEN d.message !~ ('^' || %(kind)s || ':[0-9]+$') THEN false
      WHEN CAST(%(before)s AS bigint) IS NULL THEN true
      ELSE CAST(substr(d.message, length(%(kind)s) + 2) AS bigint) < %(before)s
  END
  AND COALESCE(r.outcome, 'uncertain') IN ('sent', 'uncertain')
ORDER BY d.delivery_id DESC
LIMIT 1
