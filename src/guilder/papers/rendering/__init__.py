"""Rendering: a Document and a Look become a PDF (PDF/A-3a, PDF/UA-1) or a picture of a page.

It knows no table and no face. Words, dates and amounts are put into the paper's language here;
the designs under templates/ only place them.
"""
