-- Columns that the knowledge lists, that are there, and that the reader cannot read: questions about them fail.
SELECT format('The reader cannot read %%s of %%I.%%I, which the knowledge lists',
              string_agg(a.attname, ', ' ORDER BY a.attnum), n.nspname, c.relname),
       format('GRANT USAGE ON SCHEMA %%I TO %%I; GRANT SELECT (%%s) ON %%I.%%I TO %%I;',
              n.nspname, %(reader)s, string_agg(format('%%I', a.attname), ', ' ORDER BY a.attnum),
              n.nspname, c.relname, %(reader)s)
FROM unnest(%(relations)s::text[], %(columns)s::text[]) AS l (relation, column_name)
JOIN pg_namespace n ON l.relation LIKE n.nspname || '.%%'
JOIN pg_class c ON c.relnamespace = n.oid AND n.nspname || '.' || c.relname = l.relation
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = l.column_name AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND NOT (has_schema_privilege(%(reader)s, n.oid, 'USAGE')
           AND has_column_privilege(%(reader)s, c.oid, a.attnum, 'SELECT'))
GROUP BY n.nspname, c.relname
ORDER BY n.nspname, c.relname
