-- The columns of these relations as they are now, with their types as live_schema.sql names them.
SELECT n.nspname || '.' || c.relname,
       a.attname,
       CASE WHEN t.typelem <> 0 AND t.typlen = -1 THEN e.typname || '[]' ELSE t.typname::text END
FROM unnest(%(schemas)s::text[], %(names)s::text[]) AS asked (schema, name)
JOIN pg_namespace n ON n.nspname = asked.schema
JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = asked.name
JOIN pg_attribute a ON a.attrelid = c.oid
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_type e ON e.oid = t.typelem
WHERE a.attnum > 0 AND NOT a.attisdropped
