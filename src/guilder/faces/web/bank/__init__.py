"""The bank's pages: matching, statements, import, rules, accounts."""
