-- Functions of this database (not the server's, not an extension's) that the reader can reach and call.
SELECT p.oid::regprocedure::text
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname !~ '^pg_'
  AND n.nspname <> 'information_schema'
  AND has_schema_privilege(%(reader)s, n.oid, 'USAGE')
  AND has_function_privilege(%(reader)s, p.oid, 'EXECUTE')
  AND pg_has_role(current_user, p.proowner, 'USAGE')
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e')
