"""Tax codes of an organization with dated, sourced rates, and which one a supply falls under."""
