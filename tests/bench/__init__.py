"""The figures of docs/performance.md: `make bench` measures them here and now. Not tests: nothing fails by a clock."""
