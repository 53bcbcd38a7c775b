-- Grain: one row per key that was ever given out. The key itself is nowhere, only the SHA-256 of its secret part.
CREATE TABLE dash.api_keys (
    key_id        text PRIMARY KEY,
    name          text NOT NULL,
    owner         text NOT NULL,
    roles         text[] NOT NULL CHECK (cardinality(roles) > 0),
    scopes        text[],
    secret_sha256 bytea NOT NULL CHECK (octet_length(secret_sha256) = 32),
    created_by    text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at    timestamptz NOT NULL
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.api_keys EXECUTE FUNCTION dash.refuse_change();

-- Grain: one row per key that was taken back.
CREATE TABLE dash.api_key_revocations (
    key_id     text PRIMARY KEY REFERENCES dash.api_keys,
    revoked_by text NOT NULL,
    revoked_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.api_key_revocations
    EXECUTE FUNCTION dash.refuse_change();

-- Grain: one row per key that was ever used. No history: only when last, to the minute, so that old keys are noticed.
CREATE TABLE dash.api_key_use (
    key_id       text PRIMARY KEY REFERENCES dash.api_keys,
    last_used_at timestamptz NOT NULL
);

-- Grain: one row per key or address that asked lately. Unlogged: a crash forgives everybody, and counting waits for no
-- disk.
CREATE UNLOGGED TABLE dash.rate_limits (
    bucket  text PRIMARY KEY,
    free_at timestamptz NOT NULL
);

-- Grain: one row per question that its owner asked to stop, whichever process is at work on it.
CREATE TABLE dash.run_cancellations (
    run_id       text PRIMARY KEY REFERENCES dash.runs,
    cancelled_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.run_cancellations
    EXECUTE FUNCTION dash.refuse_change();
