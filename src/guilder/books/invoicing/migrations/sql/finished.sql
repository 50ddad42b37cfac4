-- Whether an issued invoice says anything else than before, but for the columns that may move. Both
-- rows are compared as they are: spelling each as JSON cost more than writing the change.
CREATE FUNCTION invoicing_says_other(before invoicing_invoice, after invoicing_invoice)
RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  after.allocated_amount := before.allocated_amount;
  after.credited_amount := before.credited_amount;
  after.written_off_amount := before.written_off_amount;
  after.open_amount := before.open_amount;
  after.settled_on := before.settled_on;
  after.sent_at := before.sent_at;
  after.viewed_at := before.viewed_at;
  after.disputed_at := before.disputed_at;
  after.version := before.version;
  after.updated_at := before.updated_at;
  RETURN before IS DISTINCT FROM after;
END $$;

DROP TRIGGER issued_is_finished ON invoicing_invoice;
CREATE TRIGGER issued_is_finished BEFORE UPDATE ON invoicing_invoice FOR EACH ROW
WHEN (OLD.status = 'issued' AND invoicing_says_other(OLD, NEW))
EXECUTE FUNCTION guilder_refuse();
