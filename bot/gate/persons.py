"""Tells people apart by their accounts, whatever they are called by now: whether two words are of one person."""


def same_person(login: str, id: int | None, other: str, other_id: int | None) -> bool:
    """Whether it is one account; by login only where it is not known of both which account it was.

    Whoever takes a login that its owner gave up is somebody else:
    <https://docs.github.com/en/account-and-profile/concepts/username-changes>.
    """
    if id is not None and other_id is not None:
        return id == other_id
    return login.lower() == other.lower()


def person(login: str, id: int | None) -> str:
    """One key for one account, among words that were all read at one instant; a login never begins with `#`."""
    return login.lower() if id is None else f"#{id}"
