-- Relations whose rows depend on who looks: tables with row-level security, and views that read one of them.
WITH RECURSIVE restricted (relation) AS (
    SELECT oid FROM pg_class WHERE relrowsecurity
    UNION
    SELECT r.ev_class
    FROM restricted
    JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = restricted.relation
    JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
)
SELECT n.nspname || '.' || c.relname
FROM restricted
JOIN pg_class c ON c.oid = restricted.relation
JOIN pg_namespace n ON n.oid = c.relnamespace
