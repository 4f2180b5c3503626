"""release-gate: a release approval document that runs itself on pull requests."""
