"""Pages of the reports: one toolbar, one table, drill down to documents, files to take away."""
