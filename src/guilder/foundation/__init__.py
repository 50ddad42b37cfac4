"""Tables without business: tenancy, edges, jobs, audit, events, identity, files."""
