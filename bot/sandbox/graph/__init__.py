"""GraphQL, executed on GitHub's own schema: what is not modelled is an error, never a silent null."""
