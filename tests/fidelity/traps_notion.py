"""Known ways to get Notion wrong, each with the tests that would notice.

Arrives: nothing. Leaves: `TRAPS`, number to what a naive program does and the tests (file::function) that
catch it. Where okrsync cannot fall into a trap, the text says "not applicable" and why.
"""

from __future__ import annotations

_CONNECTOR = "tests/connectors/notion"

TRAPS: dict[int, tuple[str, str | tuple[str, ...]]] = {
    1: (
        "takes a database's id for a data source's, or the first data source silently",
        (
            f"{_CONNECTOR}/test_versions.py::test_a_databases_id_is_no_data_sources",
            f"{_CONNECTOR}/test_reading.py::test_a_database_with_two_tables_is_ambiguous",
        ),
    ),
    2: (
        "binds columns by name",
        (
            f"{_CONNECTOR}/test_drift.py::test_a_renamed_column_is_read_and_written",
            f"{_CONNECTOR}/test_drift.py::test_a_column_made_again_is_not_written",
        ),
    ),
    3: (
        "compares encoded with decoded column ids, or encodes them twice",
        (
            f"{_CONNECTOR}/test_traps.py::test_odd_column_ids_are_encoded_once",
            f"{_CONNECTOR}/test_properties.py::test_ids_are_decoded",
        ),
    ),
    4: (
        "trusts edit times to the second",
        (
            f"{_CONNECTOR}/test_incremental.py::test_several_edits_in_one_minute_are_all_met",
            f"{_CONNECTOR}/test_incremental.py::test_an_edit_in_the_minute_of_the_look_is_met_by_the_next",
        ),
    ),
    5: (
        "takes its own clock as the watermark",
        (
            f"{_CONNECTOR}/test_incremental.py::test_the_local_clock_is_never_asked",
            f"{_CONNECTOR}/test_incremental.py::test_an_empty_answer_keeps_the_watermark",
        ),
    ),
    6: (
        "expects results of formulas and rollups in an incremental look",
        (f"{_CONNECTOR}/test_incremental.py::test_columns_that_change_without_an_edit_are_read_in_full",),
    ),
    7: (
        "reads 25 related pages and writes the shortened list back",
        (
            f"{_CONNECTOR}/test_reading.py::test_long_relations_are_completed",
            f"{_CONNECTOR}/test_encode.py::test_cut_lists_are_not_overwritten",
            f"{_CONNECTOR}/test_traps.py::test_more_than_a_hundred_links_are_read",
        ),
    ),
    8: (
        "takes the 10,000-row ceiling for the end",
        (
            f"{_CONNECTOR}/test_reading.py::test_a_pull_passes_the_ceiling",
            f"{_CONNECTOR}/test_incremental.py::test_more_changes_than_one_query_lists",
        ),
    ),
    9: (
        "stops at a page shorter than asked for",
        (f"{_CONNECTOR}/test_pages.py::test_a_short_page_does_not_end_a_list",),
    ),
    10: (
        "treats rows missing from an incremental look as deleted",
        (f"{_CONNECTOR}/test_incremental.py::test_only_edited_rows_come_back",),
    ),
    11: (
        "treats 404 as deleted",
        (
            f"{_CONNECTOR}/test_errors.py::test_not_found_names_both_causes",
            f"{_CONNECTOR}/test_errors.py::test_answers_that_are_not_notions",
        ),
    ),
    12: (
        "writes 25 for 25 %",
        (f"{_CONNECTOR}/test_traps.py::test_a_percentage_is_a_part_of_one",),
    ),
    13: (
        "makes options by writing misspelled names",
        (f"{_CONNECTOR}/test_writing.py::test_an_unknown_option_is_refused_and_not_created",),
    ),
    14: (
        "drops a column by null in a schema update",
        ("tests/fidelity/test_notion_spec.py::test_nothing_but_a_syncs_addresses_can_be_asked",),
    ),
    15: (
        "writes a status by a name that does not exist",
        (
            f"{_CONNECTOR}/test_traps.py::test_an_unknown_status_is_refused_before_it_is_sent",
            f"{_CONNECTOR}/test_traps.py::test_a_status_is_written_by_its_id",
        ),
    ),
    16: (
        "compares dates as texts",
        (
            f"{_CONNECTOR}/test_traps.py::test_a_time_comes_back_as_it_was_written",
            f"{_CONNECTOR}/test_decode.py::test_a_time_is_an_instant_cut_to_the_minute",
        ),
    ),
    17: (
        "writes plain text over links, mentions and formatting",
        (
            f"{_CONNECTOR}/test_writing.py::test_formatting_is_not_destroyed",
            f"{_CONNECTOR}/test_decode.py::test_rich_text_that_would_be_destroyed_is_locked",
            f"{_CONNECTOR}/test_encode.py::test_text_survives_both_ways",
        ),
    ),
    18: (
        "skips rows last edited by the bot",
        (f"{_CONNECTOR}/test_traps.py::test_rows_last_edited_by_the_bot_are_not_skipped",),
    ),
    19: (
        "writes unchanged values each run",
        ("tests/engine/test_sync.py::test_a_second_run_writes_nothing",),
    ),
    20: (
        "repeats a write whose answer was lost",
        (
            f"{_CONNECTOR}/test_writing.py::test_a_lost_answer_is_unknown_and_not_repeated",
            f"{_CONNECTOR}/test_writing.py::test_a_write_saved_with_a_503_is_unknown_and_not_repeated",
        ),
    ),
    21: (
        "repeats too early after 429, ignores 529",
        (
            f"{_CONNECTOR}/test_reading.py::test_busy_answers_are_waited_for_in_full",
            f"{_CONNECTOR}/test_refusals.py::test_an_overloaded_service_does_not_lose_a_write",
        ),
    ),
    22: (
        "repeats for ever what is blocked or full",
        (
            f"{_CONNECTOR}/test_refusals.py::test_a_blocked_connection_writes_nothing_more",
            f"{_CONNECTOR}/test_refusals.py::test_the_block_limit_is_not_repeated",
        ),
    ),
    23: (
        "assumes JSON, and a closed list of codes",
        (
            f"{_CONNECTOR}/test_errors.py::test_answers_that_are_not_notions",
            f"{_CONNECTOR}/test_errors.py::test_status_decides",
        ),
    ),
    24: (
        "enumerates rows by search",
        ("tests/fidelity/test_notion_spec.py::test_nothing_but_a_syncs_addresses_can_be_asked",),
    ),
    25: (
        "forgets guests, bots and groups, and the capability to see e-mails",
        (
            f"{_CONNECTOR}/test_traps.py::test_nobody_is_found_by_a_hidden_address",
            f"{_CONNECTOR}/test_traps.py::test_groups_of_people_are_kept",
            f"{_CONNECTOR}/test_writing.py::test_a_guest_seen_on_a_page_can_be_kept",
        ),
    ),
    26: (
        "uses a page's address or number as key",
        (f"{_CONNECTOR}/test_traps.py::test_a_record_keeps_its_id_when_its_address_changes",),
    ),
    27: (
        "stores addresses of hosted files, which expire",
        (f"{_CONNECTOR}/test_decode.py::test_a_value_is_read_as_meant",),
    ),
    28: (
        "parses times with a fixed Z",
        (f"{_CONNECTOR}/test_traps.py::test_moments_are_read_in_every_spelling",),
    ),
    29: (
        "pages in the default order while people edit",
        (
            "tests/fidelity/test_notion_spec.py::test_every_query_is_sorted",
            f"{_CONNECTOR}/test_incremental.py::test_an_edit_behind_a_full_look_is_met_by_the_next",
        ),
    ),
    30: (
        "makes columns or views in a sync",
        ("tests/fidelity/test_notion_spec.py::test_nothing_but_a_syncs_addresses_can_be_asked",),
    ),
    31: (
        "reads a relation to a hidden table as no relation",
        (f"{_CONNECTOR}/test_traps.py::test_a_relation_to_a_hidden_table_is_unreadable",),
    ),
    32: (
        "logs the token or people's words",
        (
            f"{_CONNECTOR}/test_traps.py::test_nothing_is_logged_that_is_anybodys_business",
            f"{_CONNECTOR}/test_writing.py::test_errors_and_evidence_hold_no_secret",
        ),
    ),
}
