-- Issued means finished. Only these columns of an issued invoice may move, each for its reason:
--   allocated_amount    payments are applied to it and taken off again
--   credited_amount     credit notes are applied to it
--   written_off_amount  what is given up
--   open_amount         what is left of it after these three
--   settled_on          the day on which nothing was left
--   sent_at             it was handed to a channel
--   viewed_at           the customer opened it
--   disputed_at         the customer objects
--   version             the ETag of all these
--   updated_at          when one of these last moved

CREATE TRIGGER issued_is_finished BEFORE UPDATE ON invoicing_invoice FOR EACH ROW
WHEN (OLD.status = 'issued' AND
  to_jsonb(OLD) - '{allocated_amount,credited_amount,written_off_amount,open_amount,settled_on,sent_at,viewed_at,disputed_at,version,updated_at}'::text[]
  IS DISTINCT FROM
  to_jsonb(NEW) - '{allocated_amount,credited_amount,written_off_amount,open_amount,settled_on,sent_at,viewed_at,disputed_at,version,updated_at}'::text[])
EXECUTE FUNCTION guilder_refuse();

CREATE TRIGGER draft_keeps_its_place BEFORE UPDATE ON invoicing_invoice FOR EACH ROW
WHEN (OLD.status = 'draft' AND (NEW.organization_id <> OLD.organization_id OR NEW.id <> OLD.id))
EXECUTE FUNCTION guilder_refuse();

CREATE TRIGGER issued_stays BEFORE DELETE ON invoicing_invoice FOR EACH ROW
WHEN (OLD.status = 'issued') EXECUTE FUNCTION guilder_refuse_delete();

CREATE TRIGGER invoices_stay BEFORE TRUNCATE ON invoicing_invoice FOR EACH STATEMENT
EXECUTE FUNCTION guilder_refuse();

-- Parts of an issued invoice: no insert, no change, no other parent, no delete. The parent is
-- locked, so a part cannot slip in beside an issue that runs at the same time.
CREATE FUNCTION invoicing_refuse_if_issued(organization uuid, invoice uuid)
RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off AS $$ -- a plan kept from when the table was empty would read all of it
DECLARE
  found text;
BEGIN
  SELECT status INTO found FROM invoicing_invoice
  WHERE organization_id = organization AND id = invoice FOR SHARE;
  IF found = 'issued' AND NOT (current_setting('guilder.deleting_demo', true) = 'on'
                               AND has_table_privilege('invoicing_invoice', 'TRUNCATE')) THEN
    RAISE EXCEPTION USING ERRCODE = 'restrict_violation',
      MESSAGE = 'Changing a part of an issued invoice is refused.',
      HINT = 'Correct by a credit note.';
  END IF;
END $$;

-- Plain look-ups in a loop: their plans are kept, a join with the transition table is planned anew.
CREATE FUNCTION invoicing_part_added() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  one record;
BEGIN
  FOR one IN SELECT DISTINCT organization_id, invoice_id FROM fresh LOOP
    PERFORM invoicing_refuse_if_issued(one.organization_id, one.invoice_id);
  END LOOP;
  RETURN NULL;
END $$;

CREATE FUNCTION invoicing_part_removed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  one record;
BEGIN
  FOR one IN SELECT DISTINCT organization_id, invoice_id FROM gone LOOP
    PERFORM invoicing_refuse_if_issued(one.organization_id, one.invoice_id);
  END LOOP;
  RETURN NULL;
END $$;

CREATE FUNCTION invoicing_part_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  one record;
BEGIN
  FOR one IN SELECT organization_id, invoice_id FROM gone
             UNION SELECT organization_id, invoice_id FROM fresh LOOP
    PERFORM invoicing_refuse_if_issued(one.organization_id, one.invoice_id);
  END LOOP;
  RETURN NULL;
END $$;

CREATE TRIGGER line_added AFTER INSERT ON invoicing_invoiceline
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION invoicing_part_added();
CREATE TRIGGER line_changed AFTER UPDATE ON invoicing_invoiceline
REFERENCING OLD TABLE AS gone NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION invoicing_part_changed();
CREATE TRIGGER line_removed AFTER DELETE ON invoicing_invoiceline
REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION invoicing_part_removed();
CREATE TRIGGER lines_stay BEFORE TRUNCATE ON invoicing_invoiceline FOR EACH STATEMENT
EXECUTE FUNCTION guilder_refuse();

CREATE TRIGGER tax_added AFTER INSERT ON invoicing_invoicetax
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION invoicing_part_added();
CREATE TRIGGER tax_changed AFTER UPDATE ON invoicing_invoicetax
REFERENCING OLD TABLE AS gone NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION invoicing_part_changed();
CREATE TRIGGER tax_removed AFTER DELETE ON invoicing_invoicetax
REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION invoicing_part_removed();
CREATE TRIGGER taxes_stay BEFORE TRUNCATE ON invoicing_invoicetax FOR EACH STATEMENT
EXECUTE FUNCTION guilder_refuse();

-- What a final invoice deducts is part of it.
CREATE FUNCTION invoicing_deduction_of_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    PERFORM invoicing_refuse_if_issued(OLD.organization_id, OLD.final_id);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    PERFORM invoicing_refuse_if_issued(NEW.organization_id, NEW.final_id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER deduction_of_draft AFTER INSERT OR UPDATE OR DELETE ON invoicing_deduction
FOR EACH ROW EXECUTE FUNCTION invoicing_deduction_of_draft();
CREATE TRIGGER deductions_stay BEFORE TRUNCATE ON invoicing_deduction FOR EACH STATEMENT
EXECUTE FUNCTION guilder_refuse();

CREATE TRIGGER papers_stay BEFORE UPDATE OR TRUNCATE ON invoicing_issueddocument
FOR EACH STATEMENT EXECUTE FUNCTION guilder_refuse();
CREATE TRIGGER paper_stays BEFORE DELETE ON invoicing_issueddocument
FOR EACH ROW EXECUTE FUNCTION guilder_refuse_delete();

CREATE TRIGGER write_offs_stay BEFORE UPDATE OR TRUNCATE ON invoicing_writeoff
FOR EACH STATEMENT EXECUTE FUNCTION guilder_refuse();
CREATE TRIGGER write_off_stays BEFORE DELETE ON invoicing_writeoff
FOR EACH ROW EXECUTE FUNCTION guilder_refuse_delete();

-- An allocation can only be switched off.
CREATE TRIGGER credit_only_reversed BEFORE UPDATE ON invoicing_creditallocation FOR EACH ROW
WHEN (NOT OLD.is_active OR NEW.is_active OR
  to_jsonb(OLD) - '{is_active,reversed_on}'::text[]
  IS DISTINCT FROM to_jsonb(NEW) - '{is_active,reversed_on}'::text[])
EXECUTE FUNCTION guilder_refuse();
CREATE TRIGGER credit_allocation_stays BEFORE DELETE ON invoicing_creditallocation
FOR EACH ROW EXECUTE FUNCTION guilder_refuse_delete();
CREATE TRIGGER credit_allocations_stay BEFORE TRUNCATE ON invoicing_creditallocation
FOR EACH STATEMENT EXECUTE FUNCTION guilder_refuse();

-- A quote that was sent stays as it was sent; only the answer to it moves.
CREATE TRIGGER sent_quote_is_finished BEFORE UPDATE ON invoicing_quote FOR EACH ROW
WHEN (OLD.state <> 'draft' AND (NEW.state = 'draft' OR
  to_jsonb(OLD) - '{state,accepted_at,accepted_by,declined_at,declined_reason,version,updated_at}'::text[]
  IS DISTINCT FROM
  to_jsonb(NEW) - '{state,accepted_at,accepted_by,declined_at,declined_reason,version,updated_at}'::text[]))
EXECUTE FUNCTION guilder_refuse();
CREATE TRIGGER sent_quote_stays BEFORE DELETE ON invoicing_quote FOR EACH ROW
WHEN (OLD.state <> 'draft') EXECUTE FUNCTION guilder_refuse_delete();
CREATE TRIGGER quotes_stay BEFORE TRUNCATE ON invoicing_quote FOR EACH STATEMENT
EXECUTE FUNCTION guilder_refuse();
