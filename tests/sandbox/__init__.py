"""The sandbox keeps its claims about GitHub."""
