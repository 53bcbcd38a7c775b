-- Functions and relations of the server that PostgreSQL itself keeps from everybody: files, signals, passwords.
SELECT format('The reader may call %%s, which PostgreSQL keeps from everybody', p.oid::regprocedure),
       format('REVOKE EXECUTE ON FUNCTION %%s FROM PUBLIC, %%I;', p.oid::regprocedure, %(reader)s)
FROM pg_proc p
JOIN pg_init_privs i ON i.classoid = 'pg_proc'::regclass AND i.objoid = p.oid
WHERE p.pronamespace = 'pg_catalog'::regnamespace
  AND has_function_privilege(%(reader)s, p.oid, 'EXECUTE')
  AND NOT EXISTS (SELECT FROM aclexplode(i.initprivs) AS acl WHERE acl.grantee = 0)
UNION ALL
SELECT format('The reader may read %%s, which PostgreSQL keeps from everybody', c.oid::regclass),
       format('REVOKE ALL ON %%s FROM PUBLIC, %%I;', c.oid::regclass, %(reader)s)
FROM pg_class c
JOIN pg_init_privs i ON i.classoid = 'pg_class'::regclass AND i.objoid = c.oid AND i.objsubid = 0
WHERE c.relnamespace = 'pg_catalog'::regnamespace
  AND c.relkind IN ('r', 'v')
  AND has_any_column_privilege(%(reader)s, c.oid, 'SELECT')
  AND NOT EXISTS (
      SELECT
      FROM pg_init_privs known
      CROSS JOIN LATERAL aclexplode(known.initprivs) AS acl
      WHERE known.classoid = 'pg_class'::regclass AND known.objoid = c.oid AND acl.grantee = 0
  )
ORDER BY 1
