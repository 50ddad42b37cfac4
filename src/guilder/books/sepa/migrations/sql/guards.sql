-- What the bank was told stays as it was told; what is decided of an order stays decided.
CREATE FUNCTION guilder_sepa_batch_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.kind, NEW.message_id, NEW.currency, NEW.created_at)
    IS DISTINCT FROM (OLD.kind, OLD.message_id, OLD.currency, OLD.created_at) THEN
    RAISE EXCEPTION 'a batch stays what it is' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.status <> 'draft' AND (NEW.due_on, NEW.name, NEW.iban, NEW.bic, NEW.creditor_id)
    IS DISTINCT FROM (OLD.due_on, OLD.name, OLD.iban, OLD.bic, OLD.creditor_id) THEN
    RAISE EXCEPTION 'a closed batch never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (OLD.status = 'handed_over' AND NEW.status IN ('draft', 'closed'))
    OR (OLD.status = 'cancelled' AND NEW.status <> 'cancelled') THEN
    RAISE EXCEPTION 'a batch never goes back' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER sepa_batch_guard BEFORE UPDATE ON sepa_batch
  FOR EACH ROW EXECUTE FUNCTION guilder_sepa_batch_guard();
CREATE FUNCTION guilder_sepa_item_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.batch_id, NEW.partner_id, NEW.mandate_id, NEW.invoice_id, NEW.bill_id, NEW.end_to_end,
      NEW.amount, NEW.name, NEW.iban, NEW.bic, NEW.remittance, NEW.mandate_reference,
      NEW.signed_on, NEW.sequence, NEW.scheme, NEW."group")
    IS DISTINCT FROM (OLD.batch_id, OLD.partner_id, OLD.mandate_id, OLD.invoice_id, OLD.bill_id,
      OLD.end_to_end, OLD.amount, OLD.name, OLD.iban, OLD.bic, OLD.remittance,
      OLD.mandate_reference, OLD.signed_on, OLD.sequence, OLD.scheme, OLD."group") THEN
    RAISE EXCEPTION 'an order stays as the bank was told' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state IN ('rejected', 'dropped') AND NEW.state <> OLD.state THEN
    RAISE EXCEPTION 'a refused order stays refused' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER sepa_item_guard BEFORE UPDATE ON sepa_item
  FOR EACH ROW EXECUTE FUNCTION guilder_sepa_item_guard();
