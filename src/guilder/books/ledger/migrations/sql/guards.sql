-- Entries balance, are never changed, and stay out of locked periods.

CREATE FUNCTION ledger_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  found bigint;
  base numeric;
  level boolean;
BEGIN
  SELECT coalesce(sum(n), 0), coalesce(sum(b), 0), coalesce(bool_and(a = 0), false)
    INTO found, base, level
    FROM (SELECT count(*) AS n, sum(base_amount) AS b, sum(amount) AS a FROM ledger_posting
          WHERE organization_id = NEW.organization_id AND entry_id = NEW.id
          GROUP BY currency) AS by_currency;
  IF found <> NEW.posting_count OR base <> 0 OR NOT level THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_balances',
      MESSAGE = format('Ledger entry %s does not balance (%s of %s postings, base %s).',
                       NEW.id, found, NEW.posting_count, base);
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER entry_balances AFTER INSERT ON ledger_entry
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_balances();

-- A posting belongs to an entry of its day that is not full yet: a booked entry takes no more.
CREATE FUNCTION ledger_posting_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM (SELECT DISTINCT organization_id, entry_id FROM added) AS touched
    JOIN ledger_entry AS e ON e.organization_id = touched.organization_id AND e.id = touched.entry_id
    JOIN ledger_posting AS p ON p.organization_id = e.organization_id AND p.entry_id = e.id
    GROUP BY e.organization_id, e.id, e.posting_count, e.booked_on
    HAVING count(*) > e.posting_count OR bool_or(p.booked_on <> e.booked_on)) THEN
    RAISE EXCEPTION USING ERRCODE = 'restrict_violation',
      MESSAGE = 'A booked entry takes no further posting.', HINT = 'Book a new entry.';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER posting_fits AFTER INSERT ON ledger_posting REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION ledger_posting_fits();

-- Posting and locking a period wait for each other by an advisory lock of the organization.
CREATE FUNCTION ledger_lock_key(organization uuid) RETURNS bigint LANGUAGE sql IMMUTABLE
RETURN hashtextextended(organization::text, 1735749234);

CREATE FUNCTION ledger_period_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  place record;
BEGIN
  FOR place IN SELECT organization_id, min(booked_on) AS first, max(booked_on) AS last
               FROM added GROUP BY organization_id LOOP
    PERFORM pg_advisory_xact_lock_shared(ledger_lock_key(place.organization_id));
    IF EXISTS (SELECT FROM ledger_period AS p
               WHERE p.organization_id = place.organization_id AND p.locked_at IS NOT NULL
                 AND p.starts_on <= place.last AND p.ends_on >= place.first
                 AND (place.first = place.last OR EXISTS (
                   SELECT FROM added WHERE added.organization_id = p.organization_id
                   AND added.booked_on BETWEEN p.starts_on AND p.ends_on))) THEN
      RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_period_is_open',
        MESSAGE = 'The period is locked.', HINT = 'Book on a day after the locked period.';
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

CREATE TRIGGER period_is_open AFTER INSERT ON ledger_entry REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION ledger_period_is_open();

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
