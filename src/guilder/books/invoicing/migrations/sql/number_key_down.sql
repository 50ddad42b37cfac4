DROP TRIGGER key_of_number ON invoicing_invoice;
DROP TRIGGER key_of_first_number ON invoicing_invoice;
DROP FUNCTION invoicing_keep_number_key();
DROP FUNCTION invoicing_number_key(text);
