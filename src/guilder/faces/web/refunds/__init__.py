"""Pages of refunds: the list, one of them, giving money back."""
