"""Pure Python: money, papers, periods, identifiers and the errors of the house.

Nothing in here knows Django, HTTP or a table; everything above may use all of it.
"""
