"""Importing: papers of other programs become drafts; the seller is the organization.

No tables of its own: readers are exchange's, drafts invoicing's, clients parties'.
"""
