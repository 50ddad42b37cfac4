DROP TRIGGER allocations_stay ON payments_allocation;
DROP TRIGGER allocation_stays ON payments_allocation;
DROP TRIGGER allocation_only_reversed ON payments_allocation;
DROP TRIGGER payments_stay ON payments_payment;
DROP TRIGGER payment_stays ON payments_payment;
DROP TRIGGER payment_stays_as_it_was ON payments_payment;
