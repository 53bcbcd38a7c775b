WITH revoked AS (
    INSERT INTO dash.api_key_revocations (key_id, revoked_by)
    SELECT key_id, %(by)s FROM dash.api_keys WHERE key_id = %(key_id)s
    ON CONFLICT (key_id) DO NOTHING
)
SELECT key_id FROM dash.api_keys WHERE key_id = %(key_id)s
