DROP TRIGGER bill_credit_stays ON bills_billcredit;
DROP TRIGGER bill_credit_only_undone ON bills_billcredit;
DROP TRIGGER bill_taxes_stay ON bills_billtax;
DROP TRIGGER bill_lines_stay ON bills_billline;
DROP FUNCTION bills_part_of_draft();
DROP TRIGGER bills_stay ON bills_bill;
DROP TRIGGER booked_bill_stays ON bills_bill;
DROP TRIGGER bill_stays_as_booked ON bills_bill;
