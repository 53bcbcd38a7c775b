-- Columns that the reader can reach and that the knowledge does not list.
WITH listed AS (
    SELECT * FROM unnest(%(relations)s::text[], %(columns)s::text[]) AS l (relation, column_name)
), readable AS (
    SELECT n.nspname, c.relname, c.oid, a.attnum, a.attname,
           EXISTS (
               SELECT FROM listed l WHERE l.relation = n.nspname || '.' || c.relname AND l.column_name = a.attname
           ) AS is_listed
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND a.attnum > 0
      AND NOT a.attisdropped
      AND n.nspname !~ '^pg_'
      AND n.nspname <> 'information_schema'
      AND has_schema_privilege(%(reader)s, n.oid, 'USAGE')
      AND has_column_privilege(%(reader)s, c.oid, a.attnum, 'SELECT')
)
SELECT format('The reader sees %%s of %%I.%%I, which the knowledge does not list',
              string_agg(attname, ', ' ORDER BY attnum) FILTER (WHERE NOT is_listed), nspname, relname),
       format('REVOKE SELECT ON %%I.%%I FROM PUBLIC, %%I;', nspname, relname, %(reader)s)
           || CASE WHEN bool_or(is_listed)
                   THEN format(' GRANT SELECT (%%s) ON %%I.%%I TO %%I;',
                               string_agg(format('%%I', attname), ', ' ORDER BY attnum) FILTER (WHERE is_listed),
                               nspname, relname, %(reader)s)
                   ELSE '' END
FROM readable
GROUP BY nspname, relname
HAVING count(*) FILTER (WHERE NOT is_listed) > 0
ORDER BY nspname, relname
