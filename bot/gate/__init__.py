"""The decision: from rules and a snapshot to a verdict, without I/O, async or a clock."""
