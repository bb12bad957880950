"""What an admin may write about Notion, and how mistakes are told."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from okrsync.connectors.notion.settings import Connection, Source

ID = "3839ce7b60a481c8867af81fd71aa55c"
DASHED = "3839ce7b-60a4-81c8-867a-f81fd71aa55c"


def test_ids_are_kept_in_one_spelling() -> None:
    """Notion accepts two spellings of an id; settings keep the dashed one."""
    assert Source(data_source=ID.upper()).data_source == DASHED
    assert Source(database=DASHED).database == DASHED


@pytest.mark.parametrize("members", [{}, {"data_source": ID, "database": ID}])
def test_exactly_one_way_to_name_the_rows(members: dict[str, str]) -> None:
    """None and both are refused with the two words to choose from."""
    with pytest.raises(ValidationError, match="`data_source` or by `database`"):
        Source.model_validate(members)


def test_an_address_as_data_source_is_told_to_be_a_database() -> None:
    """People copy addresses; the message says what the id in it is good for."""
    address = f"https://app.notion.com/acme/OKRs-{ID}?v=11111111111111111111111111111111"
    with pytest.raises(ValidationError, match=f"`database: {DASHED}`"):
        Source(data_source=address)


def test_an_address_as_database_is_answered_with_its_id() -> None:
    """The id inside is offered, ready to paste, and never the view's."""
    with pytest.raises(ValidationError, match=f"`database: {DASHED}`"):
        Source(database=f"https://www.notion.so/{ID}?v=11111111111111111111111111111111")


@pytest.mark.parametrize("model", [Connection, Source])
def test_unknown_settings_are_refused(model: type[Connection] | type[Source]) -> None:
    """A misspelt setting is an error, not a silent default."""
    with pytest.raises(ValidationError, match="Extra inputs"):
        model.model_validate({"token": "ntn_x", "database": ID, "tokens": "x"})


def test_every_setting_has_a_description() -> None:
    """Help and JSON Schema come from the models."""
    for model in (Connection, Source):
        assert all(field.description for field in model.model_fields.values())


@pytest.mark.parametrize("token", ["ntn secret", "ntn_secret\x00", "ntn_sécret", "  "])
def test_a_token_that_cannot_be_sent_is_refused_without_showing_it(token: str) -> None:
    """A broken secret is told before the first request, and stays secret."""
    with pytest.raises(ValidationError) as caught:
        Connection.model_validate({"token": token})
    assert "cret" not in str(caught.value).replace("SecretStr", "")


def test_the_token_never_shows() -> None:
    """Neither text nor repr of the settings hold the secret."""
    connection = Connection.model_validate({"token": "ntn_secret\n"})
    assert "ntn_secret" not in f"{connection} {connection!r}"
    assert connection.token.get_secret_value() == "ntn_secret"


def test_the_address_is_cut_to_its_base() -> None:
    """A slash or the version at its end would go out twice."""
    assert Connection.model_validate({"token": "x", "api_url": "http://h:1/v1/"}).api_url == "http://h:1"


def test_an_address_without_scheme_is_refused() -> None:
    """The message says how an address begins."""
    with pytest.raises(ValidationError, match="https://"):
        Connection.model_validate({"token": "x", "api_url": "api.notion.com"})
