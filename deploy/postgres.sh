#!/bin/sh
# What PostgreSQL's image runs once, in an empty volume: the login of Dash, which owns its database and is no superuser.
# It may create roles, because Dash makes the role that reads. The superuser's password reaches no other container.
set -eu
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
\set password `cat "${DASH_PASSWORD_FILE:-/run/secrets/dash_password}"`
CREATE ROLE dash LOGIN NOSUPERUSER CREATEROLE NOCREATEDB NOREPLICATION PASSWORD :'password';
CREATE DATABASE dash OWNER dash;
REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
\connect dash
-- Only a superuser can take these from everybody, and Dash is none: what sleeps, locks, writes large objects, signals, or
-- runs SQL inside of SQL (dash/database/sql/reader_loopholes.sql). Dash itself keeps what everybody had.
DO $$
DECLARE
    function regprocedure;
BEGIN
    FOR function IN
        SELECT p.oid::regprocedure
        FROM pg_proc p
        JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = 'pg_catalog'
          AND p.prorettype <> 'trigger'::regtype
          AND (
              p.provolatile = 'v'
              OR p.proname ~ '^(lo_|query_to_|table_to_|cursor_to_|schema_to_|database_to_|ts_stat|pg_ls_|pg_read_)'
          )
          AND p.proname NOT IN ('random', 'random_normal', 'clock_timestamp', 'timeofday', 'gen_random_uuid',
                                'uuidv4', 'uuidv7', 'setseed')
          AND has_function_privilege('dash', p.oid, 'EXECUTE')
    LOOP
        EXECUTE format('REVOKE EXECUTE ON ROUTINE %s FROM PUBLIC', function);
        EXECUTE format('GRANT EXECUTE ON ROUTINE %s TO dash', function);
    END LOOP;
END
$$;
SQL
