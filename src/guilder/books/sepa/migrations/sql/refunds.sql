-- An order of a refund stays that refund's; only a return that was none points to the one that stands.
CREATE FUNCTION guilder_sepa_refund_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.refund_id IS DISTINCT FROM OLD.refund_id
    AND NOT (OLD.state = 'returned' AND NEW.state = 'booked' AND NEW.refund_id IS NOT NULL
      AND OLD.refund_id IS NOT NULL) THEN
    RAISE EXCEPTION 'an order stays as the bank was told' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER sepa_refund_guard BEFORE UPDATE ON sepa_item
  FOR EACH ROW EXECUTE FUNCTION guilder_sepa_refund_guard();
