-- Entries balance, are never changed, and stay out of locked periods.
-- Where postings are looked up, enable_seqscan is off: a plan that was kept when the table was small
-- would read all of it when it has grown.

CREATE FUNCTION ledger_entry_balances() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off AS $$
DECLARE
  found bigint;
  total numeric;
  base numeric;
  level boolean;
BEGIN
  SELECT count(*), coalesce(sum(amount), 0), coalesce(sum(base_amount), 0),
    coalesce(min(currency) = max(currency), false) INTO found, total, base, level
  FROM ledger_posting
  WHERE organization_id = NEW.organization_id AND entry_id = NEW.id AND position > 0;
  IF level THEN
    level := total = 0;
  ELSE
    level := NOT EXISTS (
      SELECT FROM ledger_posting
      WHERE organization_id = NEW.organization_id AND entry_id = NEW.id AND position > 0
      GROUP BY currency HAVING sum(amount) <> 0);
  END IF;
  IF found <> NEW.posting_count OR base <> 0 OR NOT level THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_balances',
      MESSAGE = format('Ledger entry %s does not balance (%s of %s postings, base %s).',
                       NEW.id, found, NEW.posting_count, base);
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER entry_balances AFTER INSERT ON ledger_entry
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_balances();

-- A booked entry takes no more: its postings stand at the positions 1 to posting_count, each of
-- which is unique and taken, and no posting may stand beyond them or on another day.
CREATE FUNCTION ledger_posting_fits() RETURNS trigger LANGUAGE plpgsql
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

CREATE TRIGGER posting_fits AFTER INSERT ON ledger_posting REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION ledger_posting_fits();

-- Posting and locking a period wait for each other by an advisory lock of the organization.
CREATE FUNCTION ledger_lock_key(organization uuid) RETURNS bigint LANGUAGE sql IMMUTABLE
RETURN hashtextextended(organization::text, 1735749234);

CREATE FUNCTION ledger_period_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE FUNCTION ledger_period_waits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(ledger_lock_key(NEW.organization_id));
  IF EXISTS (SELECT FROM ledger_period AS p WHERE p.organization_id = NEW.organization_id
             AND p.id <> NEW.id AND p.starts_on <= NEW.ends_on AND p.ends_on >= NEW.starts_on) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_periods_apart',
      MESSAGE = 'Periods must not overlap.';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER period_waits BEFORE INSERT OR UPDATE ON ledger_period
FOR EACH ROW EXECUTE FUNCTION ledger_period_waits();

CREATE TRIGGER entries_stay BEFORE UPDATE OR TRUNCATE ON ledger_entry
FOR EACH STATEMENT EXECUTE FUNCTION guilder_refuse();
CREATE TRIGGER entry_stays BEFORE DELETE ON ledger_entry
FOR EACH ROW EXECUTE FUNCTION guilder_refuse_delete();
CREATE TRIGGER postings_stay BEFORE UPDATE OR TRUNCATE ON ledger_posting
FOR EACH STATEMENT EXECUTE FUNCTION guilder_refuse();
CREATE TRIGGER posting_stays BEFORE DELETE ON ledger_posting
FOR EACH ROW EXECUTE FUNCTION guilder_refuse_delete();
CREATE TRIGGER periods_stay BEFORE TRUNCATE ON ledger_period
FOR EACH STATEMENT EXECUTE FUNCTION guilder_refuse();
CREATE TRIGGER period_stays BEFORE DELETE ON ledger_period
FOR EACH ROW EXECUTE FUNCTION guilder_refuse_delete();
