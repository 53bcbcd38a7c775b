-- Large objects, which no list of tables covers.
SELECT format('The reader may use the large object %%s', m.oid),
       format('REVOKE ALL ON LARGE OBJECT %%s FROM PUBLIC, %%I;', m.oid, %(reader)s)
FROM pg_largeobject_metadata m
WHERE EXISTS (
    SELECT
    FROM aclexplode(m.lomacl) AS acl
    WHERE acl.grantee IN (0, (SELECT oid FROM pg_roles WHERE rolname = %(reader)s))
)
ORDER BY m.oid
