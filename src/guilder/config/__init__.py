"""Wires the house: settings, addresses, who listens to what. Nobody imports it but the doors."""
