"""One module a command, named as the command; each has a click command called `command`.

Django is set up before a module is imported, and the database runs when its command is invoked,
unless the module's name stands in `main.ON_THEIR_OWN`.
"""
