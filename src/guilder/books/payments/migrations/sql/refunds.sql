-- A refund is what was asked for; only its decision, its payment and its reversal move, in that order.
CREATE TRIGGER refund_stays_as_asked BEFORE UPDATE ON payments_refund FOR EACH ROW
WHEN (to_jsonb(OLD) - '{status,credit_base_amount,base_amount,base_rate,rate_source,refunded_on,decided_by_id,decided_at,decision_note,reversed_on,reversed_reason,version,updated_at}'::text[]
  IS DISTINCT FROM
  to_jsonb(NEW) - '{status,credit_base_amount,base_amount,base_rate,rate_source,refunded_on,decided_by_id,decided_at,decision_note,reversed_on,reversed_reason,version,updated_at}'::text[]
  OR OLD.status IN ('declined', 'reversed')
  OR (OLD.status = 'paid' AND (NEW.status NOT IN ('paid', 'reversed')
    OR (OLD.credit_base_amount, OLD.base_amount, OLD.base_rate, OLD.refunded_on)
      IS DISTINCT FROM (NEW.credit_base_amount, NEW.base_amount, NEW.base_rate, NEW.refunded_on)))
  OR (OLD.status = 'waiting' AND NEW.status = 'reversed'))
EXECUTE FUNCTION guilder_refuse();
CREATE TRIGGER refund_stays BEFORE DELETE ON payments_refund
FOR EACH ROW EXECUTE FUNCTION guilder_refuse_delete();
CREATE TRIGGER refunds_stay BEFORE TRUNCATE ON payments_refund
FOR EACH STATEMENT EXECUTE FUNCTION guilder_refuse();
