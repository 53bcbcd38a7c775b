-- Keys that are declared: primary and unique ones (also by an index), and references to other tables.
SELECT n.nspname,
       c.relname,
       CASE WHEN i.indisprimary THEN 'primary' ELSE 'unique' END,
       (SELECT array_agg(a.attname::text ORDER BY place.n)
        FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS place (attnum, n)
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = place.attnum
        WHERE place.n <= i.indnkeyatts),
       NULL::text, NULL::text, NULL::text[]
FROM pg_index i
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE i.indisunique AND i.indisvalid AND i.indexprs IS NULL AND i.indpred IS NULL
  AND n.nspname !~ '^pg_' AND n.nspname <> ALL (%(hidden)s)
UNION ALL
SELECT n.nspname,
       c.relname,
       'foreign',
       (SELECT array_agg(a.attname::text ORDER BY place.n)
        FROM unnest(k.conkey) WITH ORDINALITY AS place (attnum, n)
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = place.attnum),
       target_schema.nspname::text, target.relname::text,
       (SELECT array_agg(a.attname::text ORDER BY place.n)
        FROM unnest(k.confkey) WITH ORDINALITY AS place (attnum, n)
        JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = place.attnum)
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class target ON target.oid = k.confrelid
JOIN pg_namespace target_schema ON target_schema.oid = target.relnamespace
WHERE k.contype = 'f' AND k.conparentid = 0
  AND n.nspname !~ '^pg_' AND n.nspname <> ALL (%(hidden)s)
ORDER BY 1, 2, 3
