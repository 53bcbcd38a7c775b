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
-- Only a superuser can take these from everybody, and Dash is none. Dash itself keeps what everybody had.
\set dangerous_functions `cat "${DASH_DANGEROUS_FUNCTIONS:-/usr/local/share/dash/dangerous_functions.sql}"`
SELECT format('REVOKE EXECUTE ON ROUTINE %s FROM PUBLIC', function),
       format('GRANT EXECUTE ON ROUTINE %s TO dash', function)
FROM (
:dangerous_functions
) AS functions
WHERE has_function_privilege('dash', function, 'EXECUTE')
\gexec
SQL
