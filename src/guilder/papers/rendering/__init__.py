"""Rendering: a Document and a Look become a PDF (PDF/A-3a, PDF/UA-1) or a picture of a page.

Words, dates and amounts are put into the paper's language here; the designs under templates/ only
place them. The organization's look and the one PDF of each issued paper are kept here too.
"""
