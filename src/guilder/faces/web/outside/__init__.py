"""Pages for clients, who have no account: an issued document, a quote, behind a link each.

A link opens its one target and nothing else; what is not issued is seen in a signed preview only.
"""
