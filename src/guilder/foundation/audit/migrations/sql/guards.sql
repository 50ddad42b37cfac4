-- What may only be added to. The app's role has no right to change these tables anyway; this also
-- stops the owner, except in a maintenance transaction that says so.
CREATE FUNCTION guilder_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('guilder.maintenance', true) = 'on'
        AND pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER')
    THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION '% may only be added to: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION guilder_append_only();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION guilder_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_seal
    FOR EACH ROW EXECUTE FUNCTION guilder_append_only();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION guilder_append_only();

-- Every entry waits for the sealer, whoever inserted it. No index begins a search here, so the row
-- costs the writer one insert.
CREATE FUNCTION audit_await_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_unsealed (entry_id, organization_id) SELECT id, organization_id FROM added;
    RETURN NULL;
END $$;

CREATE TRIGGER await_seal AFTER INSERT ON audit_entry
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION audit_await_seal();
