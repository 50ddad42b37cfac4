DROP TRIGGER sepa_item_guard ON sepa_item;
DROP FUNCTION guilder_sepa_item_guard();
DROP TRIGGER sepa_batch_guard ON sepa_batch;
DROP FUNCTION guilder_sepa_batch_guard();
