"""REST: a table of routes, each with the permission GitHub asks for."""
