"""What always holds of payments, as SQL that finds what breaks it.

Each statement gives (organization_id, row id, what is wrong); run as the owner it looks at all
organizations, as the app's role at the one that is set.
"""

PROOFS: tuple[tuple[str, str, str], ...] = ()
