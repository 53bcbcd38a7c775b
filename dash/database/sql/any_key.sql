-- (whether a key was ever given out, whether one holds now)
SELECT count(*) > 0,
       COALESCE(bool_or(k.expires_at > clock_timestamp() AND r.key_id IS NULL), false)
FROM dash.api_keys k
LEFT JOIN dash.api_key_revocations r USING (key_id)
