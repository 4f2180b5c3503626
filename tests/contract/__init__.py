"""GitHub's contracts, cut to what the tests use, and the script that cuts them."""
