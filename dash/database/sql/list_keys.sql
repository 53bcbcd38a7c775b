SELECT k.key_id, k.name, k.owner, k.roles, k.scopes, k.created_by, k.created_at, k.expires_at, r.revoked_at,
       u.last_used_at
FROM dash.api_keys k
LEFT JOIN dash.api_key_revocations r USING (key_id)
LEFT JOIN dash.api_key_use u USING (key_id)
ORDER BY k.created_at, k.key_id
