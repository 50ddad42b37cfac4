-- A match can only be undone, or point to the money that was recorded anew after a return.
DROP TRIGGER match_only_undone ON banking_match;
CREATE TRIGGER match_only_undone BEFORE UPDATE ON banking_match FOR EACH ROW
WHEN (NOT OLD.is_active OR
  to_jsonb(OLD) - '{is_active,undone_at,payment_id,disbursement_id,refund_id}'::text[]
  IS DISTINCT FROM
  to_jsonb(NEW) - '{is_active,undone_at,payment_id,disbursement_id,refund_id}'::text[]
  OR (OLD.disbursement_id IS NULL) IS DISTINCT FROM (NEW.disbursement_id IS NULL)
  OR (OLD.refund_id IS NULL) IS DISTINCT FROM (NEW.refund_id IS NULL))
EXECUTE FUNCTION guilder_refuse();
