-- Changing rows, also by way of a column, and drawing numbers from sequences.
WITH rights AS (
    SELECT 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER'
           || CASE WHEN current_setting('server_version_num')::int >= 170000 THEN ', MAINTAIN' ELSE '' END AS list
)
SELECT format('The reader may change %%I.%%I', n.nspname, c.relname),
       format('REVOKE %%s ON %%I.%%I FROM PUBLIC, %%I;', rights.list, n.nspname, c.relname, %(reader)s)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN rights
WHERE n.nspname !~ '^pg_'
  AND CASE WHEN c.relkind IN ('r', 'p', 'v', 'm', 'f')
           THEN has_table_privilege(%(reader)s, c.oid, rights.list)
                OR has_any_column_privilege(%(reader)s, c.oid, 'INSERT, UPDATE, REFERENCES')
           ELSE false END
UNION ALL
SELECT format('The reader may use the sequence %%I.%%I', n.nspname, c.relname),
       format('REVOKE ALL ON SEQUENCE %%I.%%I FROM PUBLIC, %%I;', n.nspname, c.relname, %(reader)s)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE CASE WHEN c.relkind = 'S' THEN has_sequence_privilege(%(reader)s, c.oid, 'USAGE, SELECT, UPDATE') ELSE false END
ORDER BY 1
