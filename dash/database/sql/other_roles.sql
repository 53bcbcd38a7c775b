-- Roles that keep what PUBLIC loses: those that can log in or are members' roles, without PostgreSQL's own and the reader.
SELECT rolname
FROM pg_roles
WHERE rolname <> %(reader)s
  AND rolname !~ '^pg_'
  AND NOT rolsuper
ORDER BY rolname
