DROP TRIGGER sepa_refund_guard ON sepa_item;
DROP FUNCTION guilder_sepa_refund_guard();
