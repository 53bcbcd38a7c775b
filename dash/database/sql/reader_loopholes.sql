-- What the reader may do only because everybody may: make temporary tables, make objects in a schema, and call volatile
-- functions of the server itself (locks, sleeping, large objects, signals). The last are taken away only where we are
-- superuser and alone, as on the embedded server: a role that another program makes later would miss them.
SELECT has_database_privilege(%(reader)s, current_database(), 'TEMPORARY') AS temporary,
       ARRAY(
           SELECT n.nspname::text
           FROM pg_namespace n
           WHERE n.nspname !~ '^pg_' AND has_schema_privilege(%(reader)s, n.oid, 'CREATE')
       ) AS creatable,
       ARRAY(
           SELECT function::text
           FROM (
:dangerous_functions
           ) AS functions
           WHERE (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
             AND NOT EXISTS (
                 SELECT FROM pg_roles r WHERE r.rolname <> %(reader)s AND r.rolname !~ '^pg_' AND NOT r.rolsuper
             )
             AND has_function_privilege(%(reader)s, function, 'EXECUTE')
       ) AS dangerous
