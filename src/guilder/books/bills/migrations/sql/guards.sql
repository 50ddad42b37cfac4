-- A booked bill stays as it is; what is paid of it moves, and it may be cancelled.
CREATE TRIGGER bill_stays_as_booked BEFORE UPDATE ON bills_bill FOR EACH ROW
WHEN (OLD.status <> 'draft' AND (
  to_jsonb(OLD) - '{allocated_amount,credited_amount,status,cancelled_on,cancelled_reason,notes,version,updated_at}'::text[]
  IS DISTINCT FROM
  to_jsonb(NEW) - '{allocated_amount,credited_amount,status,cancelled_on,cancelled_reason,notes,version,updated_at}'::text[]
  OR NEW.status = 'draft' OR (OLD.status = 'cancelled' AND NEW.status <> 'cancelled')))
EXECUTE FUNCTION guilder_refuse();
CREATE TRIGGER booked_bill_stays BEFORE DELETE ON bills_bill FOR EACH ROW
WHEN (OLD.status <> 'draft') EXECUTE FUNCTION guilder_refuse_delete();
CREATE TRIGGER bills_stay BEFORE TRUNCATE ON bills_bill
FOR EACH STATEMENT EXECUTE FUNCTION guilder_refuse();

-- Lines and taxes of a booked bill stay too, but for a demo that its owner role takes away.
CREATE FUNCTION bills_part_of_draft() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  touched record := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('guilder.deleting_demo', true) = 'on'
     AND has_table_privilege(TG_RELID, 'TRUNCATE')
     AND (SELECT is_demo FROM identity_organization WHERE id = touched.organization_id) THEN
    RETURN touched;
  END IF;
  IF EXISTS (SELECT FROM bills_bill b WHERE b.organization_id = touched.organization_id
      AND b.id = touched.bill_id AND b.status <> 'draft') THEN
    RAISE EXCEPTION 'what belongs to a booked bill stays as it is'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'bill_parts_stay';
  END IF;
  RETURN touched;
END $$;
CREATE TRIGGER bill_lines_stay BEFORE INSERT OR UPDATE OR DELETE ON bills_billline
FOR EACH ROW EXECUTE FUNCTION bills_part_of_draft();
CREATE TRIGGER bill_taxes_stay BEFORE INSERT OR UPDATE OR DELETE ON bills_billtax
FOR EACH ROW EXECUTE FUNCTION bills_part_of_draft();

-- What a credit note paid can only be taken back.
CREATE TRIGGER bill_credit_only_undone BEFORE UPDATE ON bills_billcredit FOR EACH ROW
WHEN (NOT OLD.is_active OR NEW.is_active OR
  to_jsonb(OLD) - 'is_active' IS DISTINCT FROM to_jsonb(NEW) - 'is_active')
EXECUTE FUNCTION guilder_refuse();
CREATE TRIGGER bill_credit_stays BEFORE DELETE ON bills_billcredit
FOR EACH ROW EXECUTE FUNCTION guilder_refuse_delete();
