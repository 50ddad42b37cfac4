-- A payment is what it was; only what is left of it, its reversal and its notes move.
CREATE TRIGGER payment_stays_as_it_was BEFORE UPDATE ON payments_payment FOR EACH ROW
WHEN (to_jsonb(OLD) - '{unallocated_amount,reversed_on,reversed_reason,notes,version,updated_at}'::text[]
  IS DISTINCT FROM
  to_jsonb(NEW) - '{unallocated_amount,reversed_on,reversed_reason,notes,version,updated_at}'::text[]
  OR (OLD.reversed_on IS NOT NULL AND NEW.reversed_on IS DISTINCT FROM OLD.reversed_on))
EXECUTE FUNCTION guilder_refuse();
CREATE TRIGGER payment_stays BEFORE DELETE ON payments_payment
FOR EACH ROW EXECUTE FUNCTION guilder_refuse_delete();
CREATE TRIGGER payments_stay BEFORE TRUNCATE ON payments_payment
FOR EACH STATEMENT EXECUTE FUNCTION guilder_refuse();

-- An allocation can only be switched off.
CREATE TRIGGER allocation_only_reversed BEFORE UPDATE ON payments_allocation FOR EACH ROW
WHEN (NOT OLD.is_active OR NEW.is_active OR
  to_jsonb(OLD) - '{is_active,reversed_on}'::text[]
  IS DISTINCT FROM to_jsonb(NEW) - '{is_active,reversed_on}'::text[])
EXECUTE FUNCTION guilder_refuse();
CREATE TRIGGER allocation_stays BEFORE DELETE ON payments_allocation
FOR EACH ROW EXECUTE FUNCTION guilder_refuse_delete();
CREATE TRIGGER allocations_stay BEFORE TRUNCATE ON payments_allocation
FOR EACH STATEMENT EXECUTE FUNCTION guilder_refuse();
