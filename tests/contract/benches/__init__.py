"""One bench per service; `everybody` is the list the suite runs on."""

from __future__ import annotations

from collections.abc import Mapping

from tests.contract.bench import Bench
from tests.contract.benches.folder import Csv, Workbook
from tests.contract.benches.jira import JiraCloud, JiraDataCenter
from tests.contract.benches.live import live
from tests.contract.benches.memory import Memory
from tests.contract.benches.notion import Notion
from tests.contract.benches.sheets import Sheets


def everybody() -> Mapping[str, Bench]:
    """Benches by name: the reference, the services over the sandbox, and the real tenants there are."""
    benches = (Memory(), Notion(), JiraCloud(), JiraDataCenter(), Sheets(), Csv(), Workbook(), *live())
    return {bench.name: bench for bench in benches}
