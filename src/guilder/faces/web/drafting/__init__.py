"""Writing papers: the one editor that invoices, their kin and quotes share.

Raw text in, raw values out: forms collect, `values` lays what is typed over what the draft was,
`desk` asks the books for figures, `previews` draws what the client will see.
"""
