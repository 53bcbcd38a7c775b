SELECT has_database_privilege(oid, current_database(), 'TEMPORARY') FROM pg_roles WHERE rolname = %(reader)s
