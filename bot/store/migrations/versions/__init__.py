"""The revisions. One that is released is never edited; each leaves the schema usable for the version before it."""
