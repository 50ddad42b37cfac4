DROP TRIGGER period_is_open ON ledger_entry;
CREATE OR REPLACE FUNCTION ledger_period_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(ledger_lock_key(NEW.organization_id));
  IF EXISTS (SELECT FROM ledger_period
             WHERE organization_id = NEW.organization_id AND locked_at IS NOT NULL
               AND NEW.booked_on BETWEEN starts_on AND ends_on) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_period_is_open',
      MESSAGE = 'The period is locked.', HINT = 'Book on a day after the locked period.';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER period_is_open AFTER INSERT ON ledger_entry
FOR EACH ROW EXECUTE FUNCTION ledger_period_is_open();

CREATE OR REPLACE FUNCTION ledger_posting_fits() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off AS $$
DECLARE
  touched record;
  places integer;
  day date;
BEGIN
  FOR touched IN SELECT organization_id, entry_id, max(position) AS last,
      min(booked_on) AS first_day, max(booked_on) AS last_day
      FROM added GROUP BY organization_id, entry_id LOOP
    SELECT posting_count, booked_on INTO places, day FROM ledger_entry
    WHERE organization_id = touched.organization_id AND id = touched.entry_id;
    IF touched.last > places OR touched.first_day <> day OR touched.last_day <> day THEN
      RAISE EXCEPTION USING ERRCODE = 'restrict_violation',
        MESSAGE = 'A booked entry takes no further posting.', HINT = 'Book a new entry.';
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
