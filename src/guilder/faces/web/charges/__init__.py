"""Pages of what comes through payment gateways: charges, chargebacks, payouts."""
