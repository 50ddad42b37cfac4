-- What a supplier was paid is what it was; only its reversal and its notes move.
CREATE TRIGGER disbursement_stays_as_it_was BEFORE UPDATE ON payments_disbursement FOR EACH ROW
WHEN (to_jsonb(OLD) - '{reversed_on,reversed_reason,notes,version,updated_at}'::text[]
  IS DISTINCT FROM
  to_jsonb(NEW) - '{reversed_on,reversed_reason,notes,version,updated_at}'::text[]
  OR (OLD.reversed_on IS NOT NULL AND NEW.reversed_on IS DISTINCT FROM OLD.reversed_on))
EXECUTE FUNCTION guilder_refuse();
CREATE TRIGGER disbursement_stays BEFORE DELETE ON payments_disbursement
FOR EACH ROW EXECUTE FUNCTION guilder_refuse_delete();
CREATE TRIGGER disbursements_stay BEFORE TRUNCATE ON payments_disbursement
FOR EACH STATEMENT EXECUTE FUNCTION guilder_refuse();
