"""Billing records of Spanish organizations (VeriFactu): one for each issued document, chained.

They are made and kept here and handed over as files; nothing is sent to the tax office.
"""
