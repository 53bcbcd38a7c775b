-- Ways to other servers.
SELECT format('The reader may use the foreign server %%s', s.srvname),
       format('REVOKE USAGE ON FOREIGN SERVER %%I FROM PUBLIC, %%I;', s.srvname, %(reader)s)
FROM pg_foreign_server s
WHERE has_server_privilege(%(reader)s, s.oid, 'USAGE')
UNION ALL
SELECT format('The reader may use the foreign data wrapper %%s', w.fdwname),
       format('REVOKE USAGE ON FOREIGN DATA WRAPPER %%I FROM PUBLIC, %%I;', w.fdwname, %(reader)s)
FROM pg_foreign_data_wrapper w
WHERE has_foreign_data_wrapper_privilege(%(reader)s, w.oid, 'USAGE')
ORDER BY 1
