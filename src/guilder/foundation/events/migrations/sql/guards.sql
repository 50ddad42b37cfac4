CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON events_event
    FOR EACH ROW EXECUTE FUNCTION guilder_append_only();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON events_event
    FOR EACH STATEMENT EXECUTE FUNCTION guilder_append_only();

-- Every event waits to be told, whoever inserted it: nothing said is forgotten. Columns left out
-- have their defaults.
CREATE FUNCTION events_await_telling() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO events_pending (event_id, organization_id, subject_id, sequence)
        SELECT id, organization_id, subject_id, sequence FROM added;
    RETURN NULL;
END $$;

CREATE TRIGGER await_telling AFTER INSERT ON events_event
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION events_await_telling();
