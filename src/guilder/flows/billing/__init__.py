"""Billing: what is invoiced again and again without anyone typing it.

A recurring invoice has a pattern and a rhythm; each period of it is invoiced exactly once, however
long the house was down and however many workers look.
"""
