"""Whose rules come from where, kept for the push that changes them."""

from bot.store import open_store, sources


async def test_a_source_leads_to_all_who_took_rules_from_it(tmp_path):
    async with open_store(tmp_path / "gate.sqlite3") as store:
        for installation, source, repository in (
            (3, "Acme/Rules", "acme/shop"),
            (3, "acme/rules", "acme/shop"),
            (3, "acme/rules", "acme/bank"),
            (3, "acme/other", "acme/till"),
            (4, "acme/rules", "umbrella/shop"),
        ):
            await sources.record(store, installation=installation, source=source, repository=repository)
        assert await sources.taking_from(store, installation=3, source="acme/RULES") == ("acme/bank", "acme/shop")
        assert await sources.taking_from(store, installation=5, source="acme/rules") == ()
