-- Default privileges that would let the reader into what is made tomorrow.
SELECT format('The reader would get %%s on new %%s that %%s makes%%s', string_agg(acl.privilege_type, ', '),
              lower(kind.name), o.rolname, COALESCE(' in the schema ' || n.nspname, '')),
       format('ALTER DEFAULT PRIVILEGES FOR ROLE %%I%%s REVOKE ALL ON %%s FROM %%s;', o.rolname,
              COALESCE(' IN SCHEMA ' || quote_ident(n.nspname), ''), kind.name,
              CASE WHEN acl.grantee = 0 THEN 'PUBLIC' ELSE format('%%I', %(reader)s) END)
FROM pg_default_acl d
CROSS JOIN LATERAL aclexplode(d.defaclacl) AS acl
JOIN pg_roles o ON o.oid = d.defaclrole
JOIN (VALUES ('r', 'TABLES'), ('S', 'SEQUENCES'), ('f', 'FUNCTIONS'), ('T', 'TYPES'), ('n', 'SCHEMAS'),
             ('L', 'LARGE OBJECTS')) AS kind (code, name) ON kind.code = d.defaclobjtype
LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
WHERE acl.grantee = (SELECT oid FROM pg_roles WHERE rolname = %(reader)s)
   -- Everybody has these on functions and types without anybody saying so.
   OR (acl.grantee = 0 AND d.defaclobjtype NOT IN ('f', 'T'))
GROUP BY o.rolname, n.nspname, kind.name, acl.grantee
ORDER BY 1
