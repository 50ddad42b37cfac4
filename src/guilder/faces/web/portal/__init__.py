"""The portal: what clients' own people see once they are signed in, and nothing else.

Every other page turns them away; a document opens on the page that its mailed link leads to.
"""
