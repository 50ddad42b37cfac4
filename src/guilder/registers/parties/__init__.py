"""Whom we deal with: partners, their addresses, contacts, tax ids and accounts, and the terms
agreed with each as customer or supplier; and who the organization itself is on paper.
"""
