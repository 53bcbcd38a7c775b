SELECT DISTINCT n.nspname || '.' || c.relname
FROM unnest(%(schemas)s::text[], %(relations)s::text[], %(columns)s::text[]) AS wanted (schema_name, relation_name, column_name)
JOIN pg_namespace n ON n.nspname = wanted.schema_name
JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = wanted.relation_name
WHERE NOT has_schema_privilege(%(reader)s, n.oid, 'USAGE')
   OR NOT has_column_privilege(%(reader)s, c.oid, wanted.column_name, 'SELECT')
ORDER BY 1
