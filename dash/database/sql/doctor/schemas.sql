-- Making tables, functions and operators, which a later query of somebody else might use instead of the right ones.
WITH others AS (
    SELECT string_agg(format('%%I', rolname), ', ' ORDER BY rolname) AS list
    FROM pg_roles
    WHERE rolname <> %(reader)s AND rolname !~ '^pg_' AND NOT rolsuper
)
SELECT format('The reader may make things in the schema %%s', n.nspname),
       format('REVOKE CREATE ON SCHEMA %%I FROM PUBLIC, %%I;', n.nspname, %(reader)s)
           || CASE WHEN others.list IS NOT NULL AND EXISTS (
                       SELECT FROM aclexplode(n.nspacl) AS acl WHERE acl.grantee = 0 AND acl.privilege_type = 'CREATE'
                   )
                   THEN format(' GRANT CREATE ON SCHEMA %%I TO %%s;', n.nspname, others.list)
                   ELSE '' END
FROM pg_namespace n
CROSS JOIN others
WHERE n.nspname !~ '^pg_(temp|toast)'
  AND has_schema_privilege(%(reader)s, n.oid, 'CREATE')
ORDER BY n.nspname
