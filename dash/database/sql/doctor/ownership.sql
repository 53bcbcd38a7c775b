-- Who owns a thing may change it and give it away, whatever was revoked. Owned things are known for all databases.
WITH owned AS (
    SELECT CASE WHEN s.dbid IN (0, d.oid) THEN d.datname ELSE other.datname END AS database,
           CASE WHEN s.dbid IN (0, d.oid) THEN pg_describe_object(s.classid, s.objid, s.objsubid) ELSE 'something' END AS thing
    FROM pg_shdepend s
    JOIN pg_database d ON d.datname = current_database()
    LEFT JOIN pg_database other ON other.oid = s.dbid
    WHERE s.refclassid = 'pg_authid'::regclass
      AND s.refobjid = (SELECT oid FROM pg_roles WHERE rolname = %(reader)s)
      AND s.deptype = 'o'
)
SELECT format('The reader owns %%s in the database %%s', string_agg(thing, ', ' ORDER BY thing), database),
       format('REASSIGN OWNED BY %%I TO %%I;', %(reader)s, current_user)
           || CASE WHEN database = current_database() THEN '' ELSE format('  -- in the database %%I', database) END
FROM owned
GROUP BY database
