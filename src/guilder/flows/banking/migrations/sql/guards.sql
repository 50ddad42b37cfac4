-- A line is what the bank said; only what became of it moves.
CREATE TRIGGER line_stays_as_it_was BEFORE UPDATE ON banking_statementline FOR EACH ROW
WHEN (to_jsonb(OLD) - '{state,note,changed_at,version}'::text[]
  IS DISTINCT FROM to_jsonb(NEW) - '{state,note,changed_at,version}'::text[])
EXECUTE FUNCTION guilder_refuse();
CREATE TRIGGER line_stays BEFORE DELETE ON banking_statementline
FOR EACH ROW EXECUTE FUNCTION guilder_refuse_delete();
CREATE TRIGGER lines_stay BEFORE TRUNCATE ON banking_statementline
FOR EACH STATEMENT EXECUTE FUNCTION guilder_refuse();

-- A match can only be undone, or point to the payment that was recorded anew after a return.
CREATE TRIGGER match_only_undone BEFORE UPDATE ON banking_match FOR EACH ROW
WHEN (NOT OLD.is_active OR
  to_jsonb(OLD) - '{is_active,undone_at,payment_id}'::text[]
  IS DISTINCT FROM to_jsonb(NEW) - '{is_active,undone_at,payment_id}'::text[])
EXECUTE FUNCTION guilder_refuse();
CREATE TRIGGER match_stays BEFORE DELETE ON banking_match
FOR EACH ROW EXECUTE FUNCTION guilder_refuse_delete();
CREATE TRIGGER matches_stay BEFORE TRUNCATE ON banking_match
FOR EACH STATEMENT EXECUTE FUNCTION guilder_refuse();

-- How a line finds the open invoices: by the digits of their number, by amount, by client.
CREATE INDEX invoice_open_by_digits ON invoicing_invoice
  (organization_id, ltrim(regexp_replace(number, '\D', '', 'g'), '0')) WHERE open_amount > 0;
CREATE INDEX invoice_open_by_amount ON invoicing_invoice
  (organization_id, currency, open_amount) WHERE open_amount > 0;
CREATE INDEX invoice_open_by_partner ON invoicing_invoice
  (organization_id, partner_id, due_on, id) WHERE open_amount > 0;
