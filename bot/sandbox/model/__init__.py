"""GitHub's nouns as plain data; fields carry GraphQL's names in snake case, so that most serve themselves."""
