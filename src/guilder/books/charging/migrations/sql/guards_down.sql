DROP TRIGGER gateway_event_guard ON charging_gatewayevent;
DROP FUNCTION guilder_gateway_event_guard();
DROP TRIGGER charge_guard ON charging_charge;
DROP FUNCTION guilder_charge_guard();
