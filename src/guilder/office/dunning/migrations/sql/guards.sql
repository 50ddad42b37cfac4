-- What was sent stays as it was sent; of a reminder only its posting moves, once.
CREATE TRIGGER reminder_only_posted BEFORE UPDATE ON dunning_reminder FOR EACH ROW
WHEN (OLD.posted_on IS NOT NULL OR
  to_jsonb(OLD) - '{posted_on,posted_by_id}'::text[]
  IS DISTINCT FROM to_jsonb(NEW) - '{posted_on,posted_by_id}'::text[])
EXECUTE FUNCTION guilder_refuse();
CREATE TRIGGER reminder_stays BEFORE DELETE ON dunning_reminder
FOR EACH ROW EXECUTE FUNCTION guilder_refuse_delete();
CREATE TRIGGER reminders_stay BEFORE TRUNCATE ON dunning_reminder
FOR EACH STATEMENT EXECUTE FUNCTION guilder_refuse();
CREATE TRIGGER reminded_stays_as_it_was BEFORE UPDATE ON dunning_reminded
FOR EACH ROW EXECUTE FUNCTION guilder_refuse();
CREATE TRIGGER reminded_stays BEFORE DELETE ON dunning_reminded
FOR EACH ROW EXECUTE FUNCTION guilder_refuse_delete();
CREATE TRIGGER reminded_all_stay BEFORE TRUNCATE ON dunning_reminded
FOR EACH STATEMENT EXECUTE FUNCTION guilder_refuse();

-- Nobody is reminded of what is settled, disputed, paused, promised or handed over.
CREATE FUNCTION dunning_refuse_rested() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  letter dunning_reminder;
  debt invoicing_invoice;
BEGIN
  SELECT * INTO letter FROM dunning_reminder r
  WHERE r.organization_id = NEW.organization_id AND r.id = NEW.reminder_id;
  IF letter.channel = 'none' THEN
    RETURN NEW;
  END IF;
  SELECT * INTO debt FROM invoicing_invoice i
  WHERE i.organization_id = NEW.organization_id AND i.id = NEW.invoice_id;
  IF debt.open_amount = 0 OR debt.disputed_at IS NOT NULL
    OR debt.partner_id <> letter.partner_id OR debt.currency <> letter.currency
    OR EXISTS (
      SELECT FROM dunning_hold h
      WHERE h.organization_id = NEW.organization_id AND h.partner_id = debt.partner_id
        AND h.ended_at IS NULL AND (h.invoice_id IS NULL OR h.invoice_id = debt.id)
        AND (h.until_on IS NULL OR h.until_on >= letter.made_on))
    OR EXISTS (
      SELECT FROM dunning_handedinvoice o
      WHERE o.organization_id = NEW.organization_id AND o.invoice_id = debt.id)
  THEN
    RAISE EXCEPTION USING ERRCODE = 'restrict_violation',
      MESSAGE = format('Invoice %s is not reminded of now.', debt.number),
      HINT = 'It is settled, disputed, paused, promised or handed over.';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER reminded_when_it_may BEFORE INSERT ON dunning_reminded
FOR EACH ROW EXECUTE FUNCTION dunning_refuse_rested();

-- A hold only ends, once.
CREATE TRIGGER hold_only_ends BEFORE UPDATE ON dunning_hold FOR EACH ROW
WHEN (OLD.ended_at IS NOT NULL OR
  to_jsonb(OLD) - '{ended_at,ended_by_id}'::text[]
  IS DISTINCT FROM to_jsonb(NEW) - '{ended_at,ended_by_id}'::text[])
EXECUTE FUNCTION guilder_refuse();
CREATE TRIGGER hold_stays BEFORE DELETE ON dunning_hold
FOR EACH ROW EXECUTE FUNCTION guilder_refuse_delete();
CREATE TRIGGER holds_stay BEFORE TRUNCATE ON dunning_hold
FOR EACH STATEMENT EXECUTE FUNCTION guilder_refuse();

-- A settled dispute stays as it ended.
CREATE TRIGGER dispute_stays_settled BEFORE UPDATE ON dunning_dispute FOR EACH ROW
WHEN (OLD.settled_on IS NOT NULL)
EXECUTE FUNCTION guilder_refuse();
CREATE TRIGGER dispute_stays BEFORE DELETE ON dunning_dispute
FOR EACH ROW EXECUTE FUNCTION guilder_refuse_delete();
CREATE TRIGGER disputes_stay BEFORE TRUNCATE ON dunning_dispute
FOR EACH STATEMENT EXECUTE FUNCTION guilder_refuse();

CREATE TRIGGER handover_stays_as_it_was BEFORE UPDATE ON dunning_handover
FOR EACH ROW EXECUTE FUNCTION guilder_refuse();
CREATE TRIGGER handover_stays BEFORE DELETE ON dunning_handover
FOR EACH ROW EXECUTE FUNCTION guilder_refuse_delete();
CREATE TRIGGER handovers_stay BEFORE TRUNCATE ON dunning_handover
FOR EACH STATEMENT EXECUTE FUNCTION guilder_refuse();
CREATE TRIGGER handed_stays_as_it_was BEFORE UPDATE ON dunning_handedinvoice
FOR EACH ROW EXECUTE FUNCTION guilder_refuse();
CREATE TRIGGER handed_stays BEFORE DELETE ON dunning_handedinvoice
FOR EACH ROW EXECUTE FUNCTION guilder_refuse_delete();
CREATE TRIGGER handed_all_stay BEFORE TRUNCATE ON dunning_handedinvoice
FOR EACH STATEMENT EXECUTE FUNCTION guilder_refuse();
