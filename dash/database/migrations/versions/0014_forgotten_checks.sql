-- A check that is old may be forgotten, with its tickets; what follows it, and who was shown it, keep its number.
ALTER TABLE dash.stuck_checks DROP CONSTRAINT stuck_checks_previous_fkey;
ALTER TABLE dash.stuck_readings DROP CONSTRAINT stuck_readings_check_id_fkey;

-- Append-only, but for a transaction that says that it forgets.
CREATE FUNCTION dash.refuse_change_but_forgetting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' OR current_setting('dash.forgetting', true) IS DISTINCT FROM 'on' THEN
        RAISE EXCEPTION 'dash.% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION dash.refuse_change_but_forgetting() FROM PUBLIC;

-- Not the last complete check, nor the one that it is compared with, whoever says so.
CREATE FUNCTION dash.keep_last_checks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM (SELECT FROM dash.stuck_checks WHERE check_id > OLD.check_id LIMIT 2) AS later) < 2 THEN
        RAISE EXCEPTION 'the last checks are never forgotten' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END
$$;
REVOKE EXECUTE ON FUNCTION dash.keep_last_checks() FROM PUBLIC;

DROP TRIGGER append_only ON dash.stuck_checks;
DROP TRIGGER append_only ON dash.stuck_tickets;
DROP TRIGGER append_only ON dash.stuck_cleared;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.stuck_checks
    EXECUTE FUNCTION dash.refuse_change_but_forgetting();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.stuck_tickets
    EXECUTE FUNCTION dash.refuse_change_but_forgetting();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.stuck_cleared
    EXECUTE FUNCTION dash.refuse_change_but_forgetting();
CREATE TRIGGER keep_last BEFORE DELETE ON dash.stuck_checks FOR EACH ROW EXECUTE FUNCTION dash.keep_last_checks();
