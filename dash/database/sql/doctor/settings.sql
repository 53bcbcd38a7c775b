-- Stored settings that would begin the reader's sessions otherwise than Dash expects. Dash sets its own in every
-- transaction; these are what is left if it did not.
WITH stored AS (
    SELECT s.setrole, s.setdatabase, split_part(entry, '=', 1) AS name, lower(substr(entry, strpos(entry, '=') + 1)) AS value
    FROM pg_db_role_setting s
    CROSS JOIN LATERAL unnest(s.setconfig) AS entry
    WHERE s.setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = %(reader)s))
      AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
)
SELECT format('Sessions of the reader begin with %%s = %%s', name, value),
       format('ALTER %%s RESET %%I;',
              CASE WHEN setrole = 0 AND setdatabase = 0 THEN 'ROLE ALL'
                   WHEN setrole = 0 THEN format('DATABASE %%I', current_database())
                   WHEN setdatabase = 0 THEN format('ROLE %%I', %(reader)s)
                   ELSE format('ROLE %%I IN DATABASE %%I', %(reader)s, current_database()) END,
              name)
FROM stored
WHERE (name = 'standard_conforming_strings' AND value IN ('off', 'false', 'no', '0'))
   OR (setrole <> 0 AND (
          name IN ('role', 'session_authorization', 'search_path', 'row_security', 'dash.viewer')
          OR name ~ 'preload_libraries$'
          OR (name = 'default_transaction_read_only' AND value IN ('off', 'false', 'no', '0'))
          OR (name = 'statement_timeout' AND value ~ '^0')
      ))
UNION ALL
SELECT format('The server runs with %%s = %%s', name, setting),
       format('ALTER SYSTEM SET %%I = %%s; SELECT pg_reload_conf();', name, wanted.value)
FROM pg_settings
JOIN (VALUES ('standard_conforming_strings', 'on'), ('lo_compat_privileges', 'off')) AS wanted (setting_name, value)
  ON wanted.setting_name = name AND setting <> wanted.value
WHERE source NOT IN ('database', 'database user', 'user', 'client', 'session')
ORDER BY 1
