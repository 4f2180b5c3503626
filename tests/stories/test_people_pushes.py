"""What a push takes away of what people signed, and what it leaves."""

import pytest

from tests.stories.people import (
    APPROVES,
    OPENED,
    SECURITY,
    UNSIGNED,
    base_gets,
    code,
    looks_again,
    merges_base,
    pushes,
    ready,
    rebases,
    rewrites,
    rules,
    says,
    shut_again,
    told,
)

AUTH_ONLY = rules('stale: {paths: ["**/auth/**"]}')
ANY_PUSH = rules("stale: push")
NO_PUSH = rules("stale: never")
SIGNED = says("sam", APPROVES)
ELSEWHERE = base_gets({"docs/x.md": "x\n"})
FAR_BELOW = base_gets({"src/app.py": code(30, "theirs")})
THE_SAME_LINE = base_gets({"src/app.py": code(3, "theirs")})


@pytest.mark.parametrize(
    ("rules", "steps", "end"),
    [
        pytest.param(
            SECURITY,
            (SIGNED, pushes("dan", {"src/x.py": "x\n"})),
            shut_again(UNSIGNED, "was signed and changes `src/x.py`"),
            id="signed, the author adds a file → dropped",
        ),
        pytest.param(
            SECURITY,
            (SIGNED, pushes("dan", {"src/x.py": "x\n"}), says("lea", APPROVES)),
            ready("❌ dropped: "),
            id="signed, the author adds a file, another member signs that → ready, the dropped one is shown",
        ),
        pytest.param(
            SECURITY,
            (SIGNED, pushes("dan", {"src/x.py": "x\n"}), pushes("dan", {"src/x.py": None})),
            ready(),
            id="signed, the author adds a file and takes it out again → ready",
        ),
        pytest.param(
            SECURITY,
            (SIGNED, pushes("dan", {"src/app.py": code(5)})),
            shut_again(UNSIGNED, "was signed and changes `src/app.py`"),
            id="signed, the author puts the same words on another line → dropped",
        ),
        pytest.param(
            SECURITY,
            (SIGNED, rewrites("dan", OPENED, "fix: better words")),
            ready(),
            id="signed, only the commit's message is amended → kept",
        ),
        pytest.param(
            SECURITY,
            (SIGNED, rewrites("dan", {"src/app.py": code(4)})),
            shut_again(UNSIGNED, "was signed and changes `src/app.py`"),
            id="signed, the branch is rewritten with another change → dropped",
        ),
        pytest.param(
            SECURITY, (SIGNED, ELSEWHERE, looks_again()), ready(), id="signed, the base moves on, no push → kept"
        ),
        pytest.param(SECURITY, (SIGNED, ELSEWHERE, rebases()), ready(), id="signed, cleanly rebased → kept"),
        pytest.param(
            SECURITY,
            (SIGNED, FAR_BELOW, rebases()),
            ready(),
            id="signed, cleanly rebased over a change far below in the same file → kept",
        ),
        pytest.param(SECURITY, (SIGNED, ELSEWHERE, merges_base()), ready(), id="signed, the base is merged in → kept"),
        pytest.param(
            SECURITY,
            (SIGNED, FAR_BELOW, merges_base()),
            ready(),
            id="signed, the base is merged in with a change far below in the same file → kept",
        ),
        pytest.param(
            SECURITY,
            (SIGNED, base_gets({"src/app.py": code(5, "theirs")}), merges_base()),
            shut_again(UNSIGNED, "was signed and changes `src/app.py`"),
            id="signed, the base is merged in and changed right beside it → dropped",
        ),
        pytest.param(
            SECURITY,
            (SIGNED, THE_SAME_LINE, merges_base(resolved={"src/app.py": code(3, "both")})),
            shut_again(UNSIGNED, "was signed and changes `src/app.py`"),
            id="signed, a conflict is resolved in the merge → dropped",
        ),
        pytest.param(
            SECURITY,
            (SIGNED, THE_SAME_LINE, rebases(resolved={"src/app.py": code(3, "both")})),
            shut_again(UNSIGNED, "was signed and changes `src/app.py`"),
            id="signed, a conflict is resolved in the rebase → dropped",
        ),
        pytest.param(
            SECURITY,
            (SIGNED, ELSEWHERE, merges_base(resolved={"src/evil.py": "evil\n"})),
            shut_again(UNSIGNED, "was signed and changes `src/evil.py`"),
            id="signed, something is slipped into the merge of the base → dropped",
        ),
        pytest.param(
            SECURITY,
            (SIGNED, ELSEWHERE, rebases(resolved={"src/evil.py": "evil\n"})),
            shut_again(UNSIGNED, "was signed and changes `src/evil.py`"),
            id="signed, something is slipped into the rebase → dropped",
        ),
        pytest.param(
            SECURITY,
            (SIGNED, ELSEWHERE, merges_base("sam")),
            shut_again(UNSIGNED, "who pushed last can't sign for security"),
            id="signed, the member who signed merges the base in → they pushed last, so another one has to sign",
        ),
        pytest.param(
            AUTH_ONLY,
            (SIGNED, pushes("dan", {"src/x.py": "x\n"})),
            ready(),
            id="signed for some paths, the author changes something else → kept",
        ),
        pytest.param(
            AUTH_ONLY,
            (SIGNED, pushes("dan", {"src/auth/login.py": code(5)})),
            shut_again(UNSIGNED, "was signed and changes `src/auth/login.py`"),
            id="signed for some paths, the author changes one of them → dropped",
        ),
        pytest.param(
            AUTH_ONLY,
            (
                pushes("dan", {"src/auth/login.py": None, "src/login.py": code()}),
                SIGNED,
                pushes("dan", {"src/login.py": code(9)}),
            ),
            shut_again(UNSIGNED, "was signed and changes `src/auth/login.py`"),
            id="signed for some paths, a file is changed that was one of them until it was renamed → dropped",
        ),
        pytest.param(
            AUTH_ONLY,
            (SIGNED, rewrites("dan", {"src/app.py": code(9)}, "fix: other")),
            ready(),
            id="signed for some paths, the branch is rewritten elsewhere → kept",
        ),
        pytest.param(
            AUTH_ONLY,
            (SIGNED, rewrites("dan", {**OPENED, "src/auth/login.py": code(5)}, "fix: other")),
            shut_again(UNSIGNED, "was signed and changes `src/auth/login.py`"),
            id="signed for some paths, the branch is rewritten and changes one of them → dropped",
        ),
        pytest.param(
            AUTH_ONLY,
            (SIGNED, base_gets({"src/auth/login.py": code(30, "theirs")}), merges_base()),
            ready(),
            id="signed for some paths, the base brings a change of one of them → kept",
        ),
        pytest.param(
            ANY_PUSH,
            (SIGNED, ELSEWHERE, merges_base()),
            shut_again(UNSIGNED, "was pushed after", absent="compared"),
            id="signed until any push, the base is merged in → dropped",
        ),
        pytest.param(
            ANY_PUSH,
            (SIGNED, ELSEWHERE, rebases(), says("sam", APPROVES)),
            ready(),
            id="signed until any push, rebased and signed again → ready",
        ),
        pytest.param(
            NO_PUSH,
            (SIGNED, rewrites("dan", {"src/auth/login.py": "other\n"})),
            ready(),
            id="signed for good, the branch is rewritten → kept",
        ),
    ],
)
async def test_what_a_push_takes_away(tmp_path, rules, steps, end):
    await told(tmp_path, rules, steps, end)
