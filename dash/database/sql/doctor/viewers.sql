-- Policies that trust dash.viewer are only as good as the guard where a query can call set_config.
SELECT 'Row-level security protects what the knowledge lists, and the reader may call set_config, '
           || 'so that the guard alone keeps a query from naming another viewer',
       format('REVOKE EXECUTE ON FUNCTION set_config(text, text, boolean) FROM PUBLIC, %%I;', %(reader)s)
           || COALESCE(
                  ' GRANT EXECUTE ON FUNCTION set_config(text, text, boolean) TO '
                      || (SELECT string_agg(format('%%I', rolname), ', ' ORDER BY rolname)
                          FROM pg_roles
                          WHERE rolname <> %(reader)s AND rolname !~ '^pg_' AND NOT rolsuper) || ';',
                  '')
WHERE has_function_privilege(%(reader)s, 'set_config(text, text, boolean)', 'EXECUTE')
  AND EXISTS (
      SELECT
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relrowsecurity AND n.nspname || '.' || c.relname = ANY (%(relations)s::text[])
  )
