"""The demo: Northlight Studio GmbH, an invented firm with fourteen months of life behind it.

Everything is made through the rooms' operations and dated relative to the day of its making. It
has tables of none; a demo organization alone can be deleted whole.
"""
