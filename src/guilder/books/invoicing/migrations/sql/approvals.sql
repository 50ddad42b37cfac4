-- Above the amount of the organization's rule nothing is issued that was not approved as it stands.
-- One look into a small table for each issue; the approval is looked for only above the amount.
CREATE FUNCTION invoicing_refuse_unapproved() RETURNS trigger LANGUAGE plpgsql
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

CREATE TRIGGER issued_when_approved BEFORE UPDATE OF status ON invoicing_invoice FOR EACH ROW
WHEN (OLD.status = 'draft' AND NEW.status = 'issued' AND NOT NEW.is_history
  AND NEW.kind <> 'pro_forma')
EXECUTE FUNCTION invoicing_refuse_unapproved();

-- What is written as issued at once, many in one statement, was never asked about.
CREATE FUNCTION invoicing_refuse_unasked() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE TRIGGER written_when_approved AFTER INSERT ON invoicing_invoice
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION invoicing_refuse_unasked();
