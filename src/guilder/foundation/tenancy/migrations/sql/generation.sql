-- The generation of an organization's data: it rises, visibly with the COMMIT, whenever a
-- transaction changed some of them. One call in a transaction does the work, the others see that.
ALTER TABLE tenancy_generation SET (fillfactor = 20, autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 1000);

CREATE FUNCTION guilder_raise_generation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    mine text := pg_current_xact_id()::text;
    whose uuid;
BEGIN
    IF current_setting('guilder.raised', true) = mine THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('guilder.raised', mine, true);
    -- Maintenance names no organization: its changes count for all.
    whose := coalesce(guilder_organization(), '00000000-0000-0000-0000-000000000000');
    -- A row that another transaction holds is passed by, so that writers never wait here. Where all
    -- statements see one moment, a row that was changed since could not be taken at all.
    IF current_setting('transaction_isolation') = 'read committed' THEN
        UPDATE tenancy_generation SET count = count + 1 WHERE id = (
            SELECT id FROM tenancy_generation WHERE organization_id = whose
            LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED);
        IF FOUND THEN
            RETURN NULL;
        END IF;
    END IF;
    INSERT INTO tenancy_generation (id, organization_id, count)
        VALUES (gen_random_uuid(), whose, 1);
    RETURN NULL;
END $$;

CREATE FUNCTION guilder_generation(whose uuid) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT coalesce(sum(count), 0)::bigint FROM tenancy_generation
    WHERE organization_id IN (whose, '00000000-0000-0000-0000-000000000000'));
