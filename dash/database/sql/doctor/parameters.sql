-- Settings that only a superuser may change, unless somebody is granted them.
SELECT format('The reader may change the setting %%s', p.parname),
       format('REVOKE ALL ON PARAMETER %%s FROM PUBLIC, %%I;', p.parname, %(reader)s)
FROM pg_parameter_acl p
WHERE EXISTS (
    SELECT
    FROM aclexplode(p.paracl) AS acl
    WHERE acl.grantee IN (0, (SELECT oid FROM pg_roles WHERE rolname = %(reader)s))
)
ORDER BY p.parname
