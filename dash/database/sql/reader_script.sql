-- The role that Dash's questions run as: it reads the columns listed in step 5 and can do nothing else.
--
-- Run this as a superuser, or as the owner of the tables who may also create roles, in the database that Dash answers
-- about. It runs as a whole or not at all, and it may be run again: the second time changes nothing.
-- What PUBLIC loses here (temporary tables, making things in schemas, calling your functions) the roles that exist
-- today keep, because it is granted to them by name. Roles that you make later must be granted it.
BEGIN;

-- 1. The role, without anything that would let it do more than log in.
DO $do$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :reader_text) THEN
        CREATE ROLE :reader LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION;
    END IF;
    IF EXISTS (
        SELECT FROM pg_roles
        WHERE rolname = :reader_text
          AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls OR NOT rolcanlogin)
    ) THEN
        ALTER ROLE :reader LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
    END IF;
    IF EXISTS (SELECT FROM pg_auth_members WHERE member = (SELECT oid FROM pg_roles WHERE rolname = :reader_text)) THEN
        RAISE EXCEPTION 'The role :reader_words belongs to other roles and could act as they do; REVOKE them first (dash doctor says how).';
    END IF;
    IF EXISTS (
        SELECT FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass AND refobjid = (SELECT oid FROM pg_roles WHERE rolname = :reader_text) AND deptype = 'o'
    ) THEN
        RAISE EXCEPTION 'The role :reader_words owns things, which no REVOKE takes away; use another role, or REASSIGN OWNED BY first.';
    END IF;
END
$do$;

-- 2. What a session of the role begins with. A role can undo its own settings, so Dash sets the same in every
--    transaction; these are what is left if it did not.
ALTER ROLE :reader SET default_transaction_read_only = on;
ALTER ROLE :reader SET standard_conforming_strings = on;
ALTER ROLE :reader SET statement_timeout = '60s';

-- 3. What everybody may do by default: temporary tables, and on older servers making things in the schema public.
DO $do$
DECLARE
    others text := (
        SELECT string_agg(quote_ident(rolname), ', ')
        FROM pg_roles
        WHERE rolname <> :reader_text AND rolname !~ '^pg_' AND NOT rolsuper
    );
    entry record;
BEGIN
    FOR entry IN
        SELECT 'TEMPORARY' AS may, format('DATABASE %I', datname) AS object, COALESCE(datacl, acldefault('d', datdba)) AS acl
        FROM pg_database
        WHERE datname = current_database() AND has_database_privilege(:reader_text, oid, 'TEMPORARY')
        UNION ALL
        SELECT 'CREATE', format('SCHEMA %I', nspname), nspacl
        FROM pg_namespace
        WHERE nspname !~ '^pg_' AND has_schema_privilege(:reader_text, oid, 'CREATE')
    LOOP
        EXECUTE format('REVOKE %s ON %s FROM PUBLIC, %I', entry.may, entry.object, :reader_text);
        IF others IS NOT NULL AND EXISTS (
            SELECT FROM aclexplode(entry.acl) AS a WHERE a.grantee = 0 AND a.privilege_type = entry.may
        ) THEN
            EXECUTE format('GRANT %s ON %s TO %s', entry.may, entry.object, others);
        END IF;
    END LOOP;
END
$do$;

-- 4. Functions of this database, which might do anything, and with SECURITY DEFINER with their owner's rights.
--    Functions of extensions stay, except of those that reach files, other servers or run SQL of their own.
DO $do$
DECLARE
    others text := (
        SELECT string_agg(quote_ident(rolname), ', ')
        FROM pg_roles
        WHERE rolname <> :reader_text AND rolname !~ '^pg_' AND NOT rolsuper
    );
    routine record;
BEGIN
    FOR routine IN
        SELECT p.oid::regprocedure AS signature, COALESCE(p.proacl, acldefault('f', p.proowner)) AS acl
        FROM pg_proc p
        JOIN pg_namespace n ON n.oid = p.pronamespace
        LEFT JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
        LEFT JOIN pg_extension e ON e.oid = d.refobjid
        WHERE n.nspname !~ '^pg_'
          AND n.nspname <> 'information_schema'
          AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)
          AND has_function_privilege(:reader_text, p.oid, 'EXECUTE')
          AND (e.extname IS NULL OR e.extname ~ ':risky')
    LOOP
        EXECUTE format('REVOKE EXECUTE ON ROUTINE %s FROM PUBLIC, %I', routine.signature, :reader_text);
        IF others IS NOT NULL AND EXISTS (SELECT FROM aclexplode(routine.acl) AS a WHERE a.grantee = 0) THEN
            EXECUTE format('GRANT EXECUTE ON ROUTINE %s TO %s', routine.signature, others);
        END IF;
    END LOOP;
END
$do$;

-- 5. What the knowledge lists, column by column, and nothing else that was granted before.
DO $do$
DECLARE
    reader oid := (SELECT oid FROM pg_roles WHERE rolname = :reader_text);
    granted record;
BEGIN
    FOR granted IN
        SELECT format('TABLE %I.%I', n.nspname, c.relname) AS object
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
          AND n.nspname !~ '^pg_'
          AND (
              EXISTS (SELECT FROM aclexplode(c.relacl) AS acl WHERE acl.grantee = reader)
              OR EXISTS (
                  SELECT
                  FROM pg_attribute a
                  CROSS JOIN LATERAL aclexplode(a.attacl) AS acl
                  WHERE a.attrelid = c.oid AND acl.grantee = reader
              )
          )
        UNION ALL
        SELECT format('SCHEMA %I', nspname)
        FROM pg_namespace n
        WHERE EXISTS (SELECT FROM aclexplode(n.nspacl) AS acl WHERE acl.grantee = reader)
    LOOP
        EXECUTE format('REVOKE ALL ON %s FROM %I', granted.object, :reader_text);
    END LOOP;
END
$do$;
:grants
COMMIT;
