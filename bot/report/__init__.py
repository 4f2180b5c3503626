"""What people see of a verdict: a check run, a comment, and the fewest writes that keep them true."""
