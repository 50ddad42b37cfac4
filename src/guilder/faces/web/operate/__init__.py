"""The operator's page: what holds all organizations, and what waits or failed in the house."""
