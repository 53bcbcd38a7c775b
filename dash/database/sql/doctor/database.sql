-- Making temporary tables or schemas. PUBLIC has the first by default; the roles that are there keep it.
WITH public_rights AS (
    SELECT acl.privilege_type
    FROM pg_database d
    CROSS JOIN LATERAL aclexplode(COALESCE(d.datacl, acldefault('d', d.datdba))) AS acl
    WHERE d.datname = current_database() AND acl.grantee = 0
), others AS (
    SELECT string_agg(format('%%I', rolname), ', ' ORDER BY rolname) AS list
    FROM pg_roles
    WHERE rolname <> %(reader)s AND rolname !~ '^pg_' AND NOT rolsuper
)
SELECT format('The reader may %%s in the database %%s', may.words, current_database()),
       format('REVOKE %%s ON DATABASE %%I FROM PUBLIC, %%I;', may.what, current_database(), %(reader)s)
           || CASE WHEN may.what IN (SELECT privilege_type FROM public_rights) AND others.list IS NOT NULL
                   THEN format(' GRANT %%s ON DATABASE %%I TO %%s;', may.what, current_database(), others.list)
                   ELSE '' END
FROM (VALUES ('TEMPORARY', 'make temporary tables'), ('CREATE', 'make schemas')) AS may (what, words)
CROSS JOIN others
WHERE has_database_privilege(%(reader)s, current_database(), may.what)
