CREATE OR REPLACE FUNCTION invoicing_part_added() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  one record;
BEGIN
  FOR one IN SELECT DISTINCT organization_id, invoice_id FROM fresh LOOP
    PERFORM invoicing_refuse_if_issued(one.organization_id, one.invoice_id);
  END LOOP;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION invoicing_refuse_unapproved() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off AS $$ -- a plan kept from when the tables were empty would read all of them
DECLARE
  above bigint;
BEGIN
  SELECT amount INTO above FROM workflow_approvalrule
  WHERE organization_id = NEW.organization_id AND is_active;
  IF above IS NOT NULL AND NEW.base_payable_amount > above AND NOT EXISTS (
    SELECT FROM workflow_approval a
    WHERE a.organization_id = NEW.organization_id AND a.subject_id = NEW.id
      AND a.subject_version = OLD.version AND a.state = 'approved') THEN
    RAISE EXCEPTION USING ERRCODE = 'restrict_violation',
      MESSAGE = 'Issuing is refused: it wants an approval first.',
      HINT = 'Submit it for approval.';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION invoicing_refuse_unasked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM workflow_approvalrule r JOIN fresh f ON f.organization_id = r.organization_id
    WHERE r.is_active AND f.status = 'issued' AND NOT f.is_history AND f.kind <> 'pro_forma'
      AND f.base_payable_amount > r.amount) THEN
    RAISE EXCEPTION USING ERRCODE = 'restrict_violation',
      MESSAGE = 'Issuing is refused: it wants an approval first.',
      HINT = 'Draft it and submit it for approval.';
  END IF;
  RETURN NULL;
END $$;

DROP INDEX invoice_number_once;
CREATE UNIQUE INDEX invoice_number_once ON invoicing_invoice (organization_id, number)
WHERE number IS NOT NULL;
CREATE INDEX invoice_number_begins ON invoicing_invoice (organization_id, number COLLATE "C")
WHERE number IS NOT NULL;
