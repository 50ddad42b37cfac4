"""Payments: money that came in, and the parts of it applied to invoices.

What is not applied stands as the client's credit. Reversing deactivates; nothing is deleted.
"""
