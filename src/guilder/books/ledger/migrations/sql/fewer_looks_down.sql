CREATE OR REPLACE FUNCTION ledger_posting_fits() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off AS $$
BEGIN
  IF EXISTS (
    SELECT FROM (
      SELECT organization_id, entry_id, max(position) AS last,
        min(booked_on) AS first_day, max(booked_on) AS last_day
      FROM added GROUP BY organization_id, entry_id) AS touched
    CROSS JOIN LATERAL (
      SELECT posting_count, booked_on FROM ledger_entry
      WHERE organization_id = touched.organization_id AND id = touched.entry_id LIMIT 1) AS entry
    WHERE touched.last > entry.posting_count OR touched.first_day <> entry.booked_on
      OR touched.last_day <> entry.booked_on) THEN
    RAISE EXCEPTION USING ERRCODE = 'restrict_violation',
      MESSAGE = 'A booked entry takes no further posting.', HINT = 'Book a new entry.';
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION ledger_period_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(ledger_lock_key(one.organization_id))
  FROM (SELECT DISTINCT organization_id FROM added ORDER BY organization_id) AS one;
  -- A statement of its own: it sees what was committed while the lock was waited for.
  IF EXISTS (SELECT FROM added AS a JOIN ledger_period AS p ON p.organization_id = a.organization_id
             WHERE p.locked_at IS NOT NULL AND a.booked_on BETWEEN p.starts_on AND p.ends_on) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_period_is_open',
      MESSAGE = 'The period is locked.', HINT = 'Book on a day after the locked period.';
  END IF;
  RETURN NULL;
END $$;
