-- Columns that the login may read, with the type that a domain stands for.
SELECT n.nspname,
       c.relname,
       a.attname,
       CASE WHEN base.typelem <> 0 AND base.typlen = -1 THEN element.typname || '[]' ELSE base.typname::text END,
       declared.typtype = 'd',
       base.typtype = 'e' OR base.typnamespace <> 'pg_catalog'::regnamespace,
       a.attnotnull,
       col_description(c.oid, a.attnum)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid
JOIN pg_type declared ON declared.oid = a.atttypid
JOIN pg_type base ON base.oid = CASE WHEN declared.typtype = 'd' THEN declared.typbasetype ELSE declared.oid END
LEFT JOIN pg_type element ON element.oid = base.typelem
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND NOT c.relispartition
  AND a.attnum > 0
  AND NOT a.attisdropped
  AND n.nspname !~ '^pg_'
  AND n.nspname <> 'information_schema'
  AND n.nspname <> ALL (%(hidden)s)
  AND has_column_privilege(c.oid, a.attnum, 'SELECT')
ORDER BY 1, 2, a.attnum
