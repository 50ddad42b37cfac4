"""How a paper looks and travels: PDF and e-invoice formats."""
