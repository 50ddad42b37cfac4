"""What is fast, as ratios measured in one run. `make bench` runs all, `make bench NAME=…` one."""
