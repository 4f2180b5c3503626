"""What can go wrong with the store, sorted by who has to act."""


class StoreError(Exception):
    """Our own database did not do what we asked."""


class StoreUnusable(StoreError):
    """The store cannot be opened; `str()` says to the person who starts us what to do."""


class StoreRefused(StoreError):
    """The database refused a statement (a full disk, a lock held too long): nothing was written, try again later."""
