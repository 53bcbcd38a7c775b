-- Functions of the server itself that harm: what sleeps, locks, writes large objects, signals, or runs SQL inside of SQL.
-- A part of other statements (reader_loopholes.sql, deploy/postgres.sh), so no semicolon ends it.
SELECT p.oid::regprocedure AS function
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
