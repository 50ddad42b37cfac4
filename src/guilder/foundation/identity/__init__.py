"""Who there is: users, organizations, memberships with a role, keys and tokens.

Roles and what they may do stand in one table, `permissions.py`. Every door turns what it was given
(session, token, key) into a kernel Actor here, and nowhere else.
"""
