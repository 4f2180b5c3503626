"""What release-gate promises, as tests."""
