DROP TRIGGER written_when_approved ON invoicing_invoice;
DROP TRIGGER issued_when_approved ON invoicing_invoice;
DROP FUNCTION invoicing_refuse_unasked();
DROP FUNCTION invoicing_refuse_unapproved();
