DROP TRIGGER recurrings_stay ON billing_recurringinvoice;
DROP TRIGGER recurring_stays ON billing_recurringinvoice;
DROP TRIGGER runs_stay ON billing_recurringrun;
DROP TRIGGER run_stays ON billing_recurringrun;
