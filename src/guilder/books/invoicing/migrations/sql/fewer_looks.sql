-- The guards of a draft and of its issue ask in as few statements as they can: starting one costs the
-- server more than the look itself. What they refuse is as it was.

-- LIMIT keeps the look-up of an invoice one by its key, whatever plan was kept when there were few.
CREATE OR REPLACE FUNCTION invoicing_part_added() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off AS $$
BEGIN
  IF EXISTS (
    SELECT FROM (SELECT DISTINCT organization_id, invoice_id FROM fresh) AS touched
    CROSS JOIN LATERAL (
      SELECT i.status FROM invoicing_invoice i
      WHERE i.organization_id = touched.organization_id AND i.id = touched.invoice_id
      LIMIT 1 FOR SHARE) AS parent
    WHERE parent.status = 'issued') THEN
    PERFORM invoicing_refuse_if_issued(organization_id, invoice_id) FROM fresh;
  END IF;
  RETURN NULL;
END $$;

-- No rule: nothing is above its amount.
CREATE OR REPLACE FUNCTION invoicing_refuse_unapproved() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off AS $$ -- a plan kept from when the tables were empty would read all of them
DECLARE
  above bigint;
BEGIN
  SELECT amount INTO above FROM workflow_approvalrule
  WHERE organization_id = NEW.organization_id AND is_active;
  IF NEW.base_payable_amount > above THEN
    IF NOT EXISTS (
      SELECT FROM workflow_approval a
      WHERE a.organization_id = NEW.organization_id AND a.subject_id = NEW.id
        AND a.subject_version = OLD.version AND a.state = 'approved') THEN
      RAISE EXCEPTION USING ERRCODE = 'restrict_violation',
        MESSAGE = 'Issuing is refused: it wants an approval first.',
        HINT = 'Submit it for approval.';
    END IF;
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION invoicing_refuse_unasked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM fresh WHERE status = 'issued') THEN -- drafts are asked about later
    IF EXISTS (
      SELECT FROM workflow_approvalrule r JOIN fresh f ON f.organization_id = r.organization_id
      WHERE r.is_active AND f.status = 'issued' AND NOT f.is_history AND f.kind <> 'pro_forma'
        AND f.base_payable_amount > r.amount) THEN
      RAISE EXCEPTION USING ERRCODE = 'restrict_violation',
        MESSAGE = 'Issuing is refused: it wants an approval first.',
        HINT = 'Draft it and submit it for approval.';
    END IF;
  END IF;
  RETURN NULL;
END $$;

-- One index keeps numbers unique and finds them by their beginning: equal is equal in any collation.
DROP INDEX invoice_number_begins, invoice_number_once;
CREATE UNIQUE INDEX invoice_number_once ON invoicing_invoice (organization_id, number COLLATE "C")
WHERE number IS NOT NULL;
