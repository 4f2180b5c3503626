"""350 lines is a long file; for a module of the program 400 is too long."""

from tests.architecture.sources import modules, read

LONG, TOO_LONG = 350, 400


def test_modules_stay_short(capsys):
    lengths = {path: len(read(path).splitlines()) for path in modules("bot", "tests")}
    with capsys.disabled():
        for path, length in sorted(lengths.items()):
            if length > LONG:
                print(f"\n{path} has {length} lines: {LONG} is a long file")  # noqa: T201
    assert {str(path): length for path, length in lengths.items() if length > TOO_LONG and path.parts[0] == "bot"} == {}
