-- The key, if it holds now, noting that it was used; at most one write a minute and key.
WITH key AS (
    SELECT k.*, u.last_used_at
    FROM dash.api_keys k
    LEFT JOIN dash.api_key_use u USING (key_id)
    WHERE k.key_id = %(key_id)s
      AND k.secret_sha256 = %(secret_sha256)s
      AND k.expires_at > clock_timestamp()
      AND NOT EXISTS (SELECT FROM dash.api_key_revocations r WHERE r.key_id = k.key_id)
), noted AS (
    INSERT INTO dash.api_key_use AS use (key_id, last_used_at)
    SELECT key_id, clock_timestamp()
    FROM key
    WHERE last_used_at IS NULL OR last_used_at < clock_timestamp() - interval '1 minute'
    ON CONFLICT (key_id) DO UPDATE SET last_used_at = GREATEST(use.last_used_at, EXCLUDED.last_used_at)
)
SELECT key_id, name, owner, roles, scopes, created_by, created_at, expires_at, NULL::timestamptz, last_used_at
FROM key
