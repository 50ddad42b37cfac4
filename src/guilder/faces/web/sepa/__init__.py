"""Pages of mandates and payment orders."""
