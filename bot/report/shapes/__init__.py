"""The shapes of the gate's sentences, by what they are about; of two that fit, the one that fixes more is taken."""

from bot.report.shapes.changes import CHANGES
from bot.report.shapes.commands import COMMANDS
from bot.report.shapes.faults import FAULTS
from bot.report.shapes.findings import FINDINGS
from bot.report.shapes.people import PEOPLE
from bot.report.shapes.versions import VERSIONS

SHAPES = (*FINDINGS, *PEOPLE, *COMMANDS, *VERSIONS, *CHANGES, *FAULTS)
