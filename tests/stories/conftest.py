"""A rig for each story."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.rig import Rig, rigged


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with rigged(tmp_path) as made:
        yield made
