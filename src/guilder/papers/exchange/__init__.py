"""E-invoicing: reading papers that others wrote into a Document, and judging their figures.

`reading.read` knows a format by its content; `check.check` compares what a file states with what
its lines give; `formats/` holds one pure reader for each format.
"""
