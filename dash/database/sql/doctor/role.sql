-- What the reader may do by its own attributes.
SELECT 'The reader ' || power.words, format('ALTER ROLE %%I %%s;', r.rolname, power.mend)
FROM pg_roles r
CROSS JOIN LATERAL (
    VALUES (r.rolsuper, 'is a superuser, whom no right stops', 'NOSUPERUSER'),
           (r.rolcreaterole, 'may create roles', 'NOCREATEROLE'),
           (r.rolcreatedb, 'may create databases', 'NOCREATEDB'),
           (r.rolreplication, 'may replicate the whole server', 'NOREPLICATION'),
           (r.rolbypassrls, 'passes by row-level security', 'NOBYPASSRLS'),
           (NOT r.rolcanlogin, 'may not log in', 'LOGIN')
) AS power (has, words, mend)
WHERE r.rolname = %(reader)s
  AND power.has
