"""The hidden mark by which we find our own comment again."""

MARKER = "<!-- release-gate: this comment is kept up to date -->"
