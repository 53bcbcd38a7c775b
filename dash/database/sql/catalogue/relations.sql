-- What can be asked about: tables, views and foreign tables, without the system's, our own state and parts of others.
SELECT n.nspname,
       c.relname,
       CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'view'
            ELSE 'foreign table' END,
       c.relkind IN ('r', 'p', 'm'),
       CASE WHEN c.relkind = 'p' THEN (
           SELECT COALESCE(SUM(GREATEST(part.reltuples, 0)), 0)
           FROM pg_partition_tree(c.oid) AS tree JOIN pg_class part ON part.oid = tree.relid WHERE tree.isleaf
       ) ELSE c.reltuples END::float8,
       obj_description(c.oid, 'pg_class'),
       has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT')
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND NOT c.relispartition
  AND n.nspname !~ '^pg_'
  AND n.nspname <> 'information_schema'
  AND n.nspname <> ALL (%(hidden)s)
  AND NOT EXISTS (
      SELECT FROM pg_depend d
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
  )
ORDER BY 1, 2
