-- What was asked for stays what was asked for, and a charge that succeeded stays so.
CREATE FUNCTION guilder_charge_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.partner_id, NEW.gateway_id, NEW.is_live, NEW.amount, NEW.currency, NEW.attempt,
      NEW.origin, NEW.created_at)
    IS DISTINCT FROM (OLD.partner_id, OLD.gateway_id, OLD.is_live, OLD.amount, OLD.currency,
      OLD.attempt, OLD.origin, OLD.created_at) THEN
    RAISE EXCEPTION 'a charge stays as it was asked for' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state = 'succeeded' AND (NEW.state <> 'succeeded'
      OR NEW.payment_id IS DISTINCT FROM OLD.payment_id) THEN
    RAISE EXCEPTION 'a charge that succeeded stays so' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER charge_guard BEFORE UPDATE ON charging_charge
  FOR EACH ROW EXECUTE FUNCTION guilder_charge_guard();
CREATE FUNCTION guilder_gateway_event_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.gateway_id, NEW.provider_id, NEW.about, NEW.subject, NEW.key, NEW.body, NEW.received_at)
    IS DISTINCT FROM (OLD.gateway_id, OLD.provider_id, OLD.about, OLD.subject, OLD.key, OLD.body,
      OLD.received_at) THEN
    RAISE EXCEPTION 'what a gateway said stays as it came' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER gateway_event_guard BEFORE UPDATE ON charging_gatewayevent
  FOR EACH ROW EXECUTE FUNCTION guilder_gateway_event_guard();
