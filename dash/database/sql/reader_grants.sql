-- Everything granted to the reader itself (not to PUBLIC): on columns, on whole relations, on schemas.
SELECT 'column' AS kind, n.nspname, c.relname, a.attname
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL aclexplode(a.attacl) AS acl
WHERE a.attacl IS NOT NULL
  AND acl.grantee = (SELECT oid FROM pg_roles WHERE rolname = %(reader)s)
UNION ALL
SELECT 'relation', n.nspname, c.relname, ''
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL aclexplode(c.relacl) AS acl
WHERE c.relacl IS NOT NULL
  AND acl.grantee = (SELECT oid FROM pg_roles WHERE rolname = %(reader)s)
UNION ALL
SELECT 'schema', n.nspname, '', ''
FROM pg_namespace n
CROSS JOIN LATERAL aclexplode(n.nspacl) AS acl
WHERE n.nspacl IS NOT NULL
  AND acl.grantee = (SELECT oid FROM pg_roles WHERE rolname = %(reader)s)
