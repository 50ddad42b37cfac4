DROP TRIGGER issued_is_finished ON invoicing_invoice;
CREATE TRIGGER issued_is_finished BEFORE UPDATE ON invoicing_invoice FOR EACH ROW
WHEN (OLD.status = 'issued' AND
  to_jsonb(OLD) - '{allocated_amount,credited_amount,written_off_amount,open_amount,settled_on,sent_at,viewed_at,disputed_at,version,updated_at}'::text[]
  IS DISTINCT FROM
  to_jsonb(NEW) - '{allocated_amount,credited_amount,written_off_amount,open_amount,settled_on,sent_at,viewed_at,disputed_at,version,updated_at}'::text[])
EXECUTE FUNCTION guilder_refuse();
DROP FUNCTION invoicing_says_other(invoicing_invoice, invoicing_invoice);
