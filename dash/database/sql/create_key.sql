INSERT INTO dash.api_keys (key_id, name, owner, roles, scopes, secret_sha256, created_by, expires_at)
VALUES (%(key_id)s, %(name)s, %(owner)s, %(roles)s, %(scopes)s, %(secret_sha256)s, %(created_by)s,
        clock_timestamp() + make_interval(days => %(days)s))
RETURNING key_id, name, owner, roles, scopes, created_by, created_at, expires_at, NULL::timestamptz, NULL::timestamptz
