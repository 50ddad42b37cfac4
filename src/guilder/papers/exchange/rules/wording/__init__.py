"""The words for the rules: terms of EN 16931, and what each rule means. Data; no rule is run here.

Texts are marked for translation and translated where they are shown. `%(field)s` and its like are
filled with translated names.
"""
