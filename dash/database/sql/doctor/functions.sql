-- Functions that people of this company wrote, and those of extensions that reach files, networks or other SQL.
-- Whoever may call such a function may do what it does; SECURITY DEFINER ones do it with their owner's rights.
WITH others AS (
    SELECT string_agg(format('%%I', rolname), ', ' ORDER BY rolname) AS list
    FROM pg_roles
    WHERE rolname <> %(reader)s AND rolname !~ '^pg_' AND NOT rolsuper
), callable AS (
    SELECT p.oid, p.oid::regprocedure AS signature, p.proacl, p.proowner, e.extname
    FROM pg_proc p
    JOIN pg_namespace n ON n.oid = p.pronamespace
    LEFT JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
    LEFT JOIN pg_extension e ON e.oid = d.refobjid
    WHERE n.nspname !~ '^pg_'
      AND n.nspname <> 'information_schema'
      AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)
      AND has_schema_privilege(%(reader)s, n.oid, 'USAGE')
      AND has_function_privilege(%(reader)s, p.oid, 'EXECUTE')
      AND (
          e.extname IS NULL
          OR e.extname ~ %(risky)s
      )
)
SELECT format('The reader may call %%s', signature) || COALESCE(' of the extension ' || extname, ''),
       format('REVOKE EXECUTE ON ROUTINE %%s FROM PUBLIC, %%I;', signature, %(reader)s)
           || CASE WHEN others.list IS NOT NULL AND EXISTS (
                       SELECT FROM aclexplode(COALESCE(proacl, acldefault('f', proowner))) AS acl WHERE acl.grantee = 0
                   )
                   THEN format(' GRANT EXECUTE ON ROUTINE %%s TO %%s;', signature, others.list)
                   ELSE '' END
FROM callable
CROSS JOIN others
ORDER BY signature::text
