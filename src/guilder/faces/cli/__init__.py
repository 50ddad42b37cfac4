"""The `guilder` command line: one file a verb or noun in `commands`, found by its name.

A result goes to standard output, talk to standard error; exit codes are 0 done, 1 failed, 2 wrong
usage, 3 partly done.
"""
