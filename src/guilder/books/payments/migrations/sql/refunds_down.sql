DROP TRIGGER refund_stays_as_asked ON payments_refund;
DROP TRIGGER refund_stays ON payments_refund;
DROP TRIGGER refunds_stay ON payments_refund;
