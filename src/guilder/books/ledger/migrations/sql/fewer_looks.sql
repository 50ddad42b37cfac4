-- The guards of entries and postings are asked in plainer words: starting a statement of many steps
-- costs the server more than the look itself. Each rule is as it was.

-- LIMIT keeps the look-up of an entry one by its key: a plan that was kept when the table was small
-- would read all of it when it has grown. Of an entry that is not there the foreign key tells.
CREATE OR REPLACE FUNCTION ledger_posting_fits() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off AS $$
BEGIN
  IF EXISTS (
    SELECT FROM added AS a WHERE NOT (
      SELECT a.position <= e.posting_count AND a.booked_on = e.booked_on FROM ledger_entry AS e
      WHERE e.organization_id = a.organization_id AND e.id = a.entry_id LIMIT 1)) THEN
    RAISE EXCEPTION USING ERRCODE = 'restrict_violation',
      MESSAGE = 'A booked entry takes no further posting.', HINT = 'Book a new entry.';
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION ledger_period_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(ledger_lock_key(organization_id))
  FROM added GROUP BY organization_id ORDER BY organization_id;
  -- A statement of its own: it sees what was committed while the lock was waited for.
  IF EXISTS (SELECT FROM added AS a JOIN ledger_period AS p ON p.organization_id = a.organization_id
             WHERE p.locked_at IS NOT NULL AND a.booked_on BETWEEN p.starts_on AND p.ends_on) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_period_is_open',
      MESSAGE = 'The period is locked.', HINT = 'Book on a day after the locked period.';
  END IF;
  RETURN NULL;
END $$;
