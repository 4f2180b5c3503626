"""The kinds of evidence: one file each, and the table that gives them their names in the rules file."""

from collections.abc import Mapping

from bot.evidence.attestation import Attestation
from bot.evidence.changelog import Changelog
from bot.evidence.check import Check
from bot.evidence.deployment import Deployment
from bot.evidence.elapsed import Elapsed
from bot.evidence.file import File
from bot.evidence.label import Label
from bot.evidence.measure import Measure
from bot.evidence.paths import Paths
from bot.evidence.review import Review
from bot.evidence.sign_off import SignOff
from bot.evidence.status import Status
from bot.evidence.task_list import TaskList
from bot.evidence.version import Version
from bot.evidence.workflow import Workflow
from bot.gate.checklist import Evidence

KINDS: Mapping[str, type[Evidence]] = {
    "attestation": Attestation,
    "changelog": Changelog,
    "check": Check,
    "deployment": Deployment,
    "elapsed": Elapsed,
    "file": File,
    "label": Label,
    "measure": Measure,
    "paths": Paths,
    "review": Review,
    "sign_off": SignOff,
    "status": Status,
    "task_list": TaskList,
    "version": Version,
    "workflow": Workflow,
}
