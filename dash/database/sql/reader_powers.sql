-- What the current login can do beyond reading, as the end of a sentence; NULL when nothing.
SELECT CASE
           WHEN r.rolsuper THEN 'is a superuser'
           WHEN r.rolcreaterole THEN 'may create roles'
           WHEN r.rolcreatedb THEN 'may create databases'
           WHEN r.rolreplication OR r.rolbypassrls THEN 'may replicate or bypass row security'
           WHEN EXISTS (
               SELECT FROM pg_roles g
               WHERE g.rolname ~ '^pg_(write|read_server|write_server|execute_server|signal|maintain|create)'
                 AND pg_has_role(r.oid, g.oid, 'MEMBER')
           ) THEN 'belongs to a powerful role of the server'
           WHEN EXISTS (
               SELECT FROM pg_class c
               JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND pg_has_role(r.oid, c.relowner, 'MEMBER')
           ) THEN 'owns tables'
           WHEN pg_has_role(r.oid, (SELECT datdba FROM pg_database WHERE datname = current_database()), 'MEMBER')
               THEN 'owns the database'
           WHEN EXISTS (
               SELECT FROM pg_namespace n WHERE n.nspname !~ '^pg_temp' AND pg_has_role(r.oid, n.nspowner, 'MEMBER')
           ) THEN 'owns a schema'
           WHEN EXISTS (
               SELECT FROM pg_proc p WHERE pg_has_role(r.oid, p.proowner, 'MEMBER')
           ) THEN 'owns functions'
           WHEN EXISTS (
               SELECT FROM pg_class c
               JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE c.relkind IN ('r', 'p', 'v', 'f')
                 AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
                 AND has_table_privilege(r.oid, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
           ) THEN 'may change tables'
       END
FROM pg_roles r
WHERE r.rolname = current_user
