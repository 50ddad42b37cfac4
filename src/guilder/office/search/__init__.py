"""Finding anything by a few letters, a number, an amount or a day: one index row per thing.

The index is kept by events and can be made anew at any time; what is shown obeys the same row rules
as the lists.
"""
