"""What speaks for a version → what it is called."""

from bot.report.words import Words, msg

_SOURCES = {
    name: name
    for name in (msg("commit"), msg("title"), msg("label"), msg("changelog"), msg("command"), msg("file"), msg("tag"))
}


def source_of(source: str, words: Words) -> str:
    """A source that is not known stays as it is."""
    return words(_SOURCES[source]) if source in _SOURCES else source
