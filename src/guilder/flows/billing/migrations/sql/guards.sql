-- A recurring invoice keeps its client's past: it is ended, never deleted; periods stay as they are.
CREATE TRIGGER run_stays BEFORE UPDATE OR DELETE ON billing_recurringrun
FOR EACH ROW EXECUTE FUNCTION guilder_refuse();
CREATE TRIGGER runs_stay BEFORE TRUNCATE ON billing_recurringrun
FOR EACH STATEMENT EXECUTE FUNCTION guilder_refuse();
CREATE TRIGGER recurring_stays BEFORE DELETE ON billing_recurringinvoice
FOR EACH ROW EXECUTE FUNCTION guilder_refuse_delete();
CREATE TRIGGER recurrings_stay BEFORE TRUNCATE ON billing_recurringinvoice
FOR EACH STATEMENT EXECUTE FUNCTION guilder_refuse();
