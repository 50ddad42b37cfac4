"""Payment services behind one protocol: one file each, the only place that speaks to them."""
