"""What an admin may write about Google Sheets."""

from __future__ import annotations

import subprocess
import sys

import pytest
from pydantic import ValidationError

from okrsync.connectors.registry import KINDS
from okrsync.connectors.sheets.settings import Connection, Source
from tests.connectors.sheets.sheet import source


@pytest.mark.parametrize(
    "given",
    [
        "1aB_c-9",
        " 1aB_c-9 ",
        "https://docs.google.com/spreadsheets/d/1aB_c-9/edit#gid=0",
        "https://docs.google.com/spreadsheets/u/1/d/1aB_c-9/edit?usp=sharing",
    ],
)
def test_a_spreadsheet_is_named_by_id_or_address(given: str) -> None:
    """People copy what the browser shows."""
    assert source(spreadsheet=given).spreadsheet == "1aB_c-9"


@pytest.mark.parametrize(
    "wrong", [{"spreadsheet": "my OKRs"}, {"tabs": "KRs"}, {"header_row": 0}, {"key": " "}]
)
def test_a_source_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    """Unknown settings are never ignored."""
    with pytest.raises(ValidationError):
        source(**wrong)


def test_the_results_tab_has_a_default_title() -> None:
    """And shows nothing unless asked to."""
    results = source(results={}).results
    assert results is not None
    assert (results.tab, results.show) == ("_okrsync", {})


def test_credentials_do_not_show() -> None:
    """Neither in the repr nor in the text of the settings."""
    made = Connection.model_validate({"credentials": "very secret"})
    assert "very secret" not in f"{made!r} {made}"


def test_every_setting_is_described() -> None:
    """The published schema is the documentation."""
    for model in (Connection, Source):
        undescribed = [name for name, field in model.model_fields.items() if not field.description]
        assert undescribed in ([], ["kind"])


def test_the_registry_knows_the_models_without_the_client_library() -> None:
    """Checking a configuration must not load what only a run needs."""
    code = (
        "import sys; from okrsync.connectors.registry import KINDS; "
        "KINDS['sheets'].connection_model(); KINDS['sheets'].source_model(); "
        "sys.exit('gspread' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert KINDS["sheets"].source_model() is Source
