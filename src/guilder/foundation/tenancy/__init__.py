"""The wall between organizations.

Every business row carries its organization in its key, row level security hides what is not the
current one's, and `transaction(organization_id)` is the only way to make one current.
"""
