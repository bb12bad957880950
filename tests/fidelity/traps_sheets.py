"""Known ways to get Google Sheets and its client library wrong, each with the tests that would notice.

Arrives: nothing. Leaves: `TRAPS`, number to what a naive program does and the tests (file::function) that
catch it; those from number 33 on are the library's. Where okrsync cannot fall into a trap, the text says "not
applicable" and why.
"""

from __future__ import annotations

_CONNECTOR = "tests/connectors/sheets"
_SPEC = "tests/fidelity/test_sheets_spec.py"
_TRAPS = f"{_CONNECTOR}/test_traps.py"

TRAPS: dict[int, tuple[str, str | tuple[str, ...]]] = {
    1: (
        "reads what is displayed and converts it: 1,5 becomes 15",
        (
            f"{_CONNECTOR}/test_pull.py::test_a_comma_decimal_file_reads_the_same",
            f"{_CONNECTOR}/test_decode.py::test_a_cell_means_its_effective_value",
            f"{_TRAPS}::test_a_text_that_looks_like_a_number_stays_text",
        ),
    ),
    2: (
        "takes 0, an empty text, FALSE and nothing for one",
        (
            f"{_CONNECTOR}/test_decode.py::test_a_cell_means_its_effective_value",
            f"{_CONNECTOR}/test_write.py::test_each_kind_of_value_is_stored_as_itself",
        ),
    ),
    3: (
        "takes 42 % for 42, or writes 42 into a percent cell",
        (
            f"{_CONNECTOR}/test_write.py::test_a_percentage_is_written_as_its_fraction",
            f"{_CONNECTOR}/test_create.py::test_a_percent_column_stays_one",
            f"{_CONNECTOR}/test_grid.py::test_a_percent_column_says_so_and_a_mixed_one_is_told",
        ),
    ),
    4: (
        "takes the text of an error for a title, or compares it with its short code",
        (
            f"{_TRAPS}::test_a_broken_title_is_not_taken_for_one",
            f"{_CONNECTOR}/test_decode.py::test_an_error_is_unreadable_with_its_code",
            f"{_CONNECTOR}/test_pull.py::test_error_cells_are_unreadable",
        ),
    ),
    5: (
        "takes Loading... for a value",
        (
            f"{_CONNECTOR}/test_decode.py::test_loading_is_unreadable",
            f"{_CONNECTOR}/test_pull.py::test_a_key_cell_in_error_makes_the_pull_incomplete",
        ),
    ),
    6: (
        "remembers row numbers",
        (
            f"{_CONNECTOR}/test_write.py::test_rows_sorted_before_the_fresh_read_do_no_harm",
            f"{_CONNECTOR}/test_write.py::test_rows_sorted_between_read_and_write_are_noticed_and_repaired",
        ),
    ),
    7: (
        "trusts a row's tag without looking at the key",
        (
            f"{_TRAPS}::test_another_record_typed_over_a_row_is_not_written",
            f"{_TRAPS}::test_cut_and_pasted_rows_are_found_by_their_keys",
        ),
    ),
    8: (
        "wants headers to the letter, or lets the last of two win",
        (
            f"{_CONNECTOR}/test_grid.py::test_headers_are_found_by_normal_form",
            f"{_CONNECTOR}/test_grid.py::test_full_width_headers_are_the_same",
            f"{_CONNECTOR}/test_grid.py::test_a_duplicate_header_of_a_wanted_column_is_an_error",
            f"{_CONNECTOR}/test_grid.py::test_a_wanted_column_that_is_gone_is_a_finding",
        ),
    ),
    9: (
        "indexes into ragged rows",
        (f"{_CONNECTOR}/test_grid.py::test_a_ragged_row_reads_blank_where_it_ends",),
    ),
    10: (
        "ends at a blank row, or counts rows with an unticked check box",
        (
            f"{_CONNECTOR}/test_grid.py::test_a_blank_middle_row_does_not_end_the_table",
            f"{_CONNECTOR}/test_grid.py::test_a_row_with_values_but_no_key_is_reported",
        ),
    ),
    11: (
        "takes a vanished row for a deletion, or a failed look for an empty sheet",
        (
            f"{_TRAPS}::test_an_answer_without_tabs_is_no_empty_spreadsheet",
            f"{_TRAPS}::test_an_emptied_tab_is_an_error_and_not_a_tab_without_rows",
            f"{_CONNECTOR}/test_pull.py::test_an_exhausted_quota_passes_within_the_next_minute",
            "tests/engine/test_absence.py::test_one_complete_look_proves_nothing",
            "tests/engine/test_absence.py::test_many_missing_at_once_are_not_believed",
        ),
    ),
    12: (
        "appends where the service guesses, or twice after a lost answer",
        (
            f"{_SPEC}::test_everything_the_connector_does_is_in_the_document",
            f"{_CONNECTOR}/test_create.py::test_a_row_goes_below_the_last_one",
            f"{_CONNECTOR}/test_create.py::test_notes_below_a_gap_stay_below",
            f"{_CONNECTOR}/test_create.py::test_a_lost_answer_is_not_repeated_and_found_by_its_key",
        ),
    ),
    13: (
        "sends foreign text where it is parsed: formulas, dates out of 1-2, lost zeros",
        (
            f"{_SPEC}::test_everything_the_connector_does_is_in_the_document",
            f"{_CONNECTOR}/test_create.py::test_what_is_sent_is_stored_as_itself",
            f"{_CONNECTOR}/test_properties.py::test_a_value_survives_a_cell",
            f"{_TRAPS}::test_nothing_that_converts_guesses_or_repeats_is_used",
        ),
    ),
    14: (
        "overwrites a formula with its own value",
        (
            f"{_CONNECTOR}/test_write.py::test_a_formula_is_never_overwritten",
            f"{_CONNECTOR}/test_write.py::test_a_formula_hit_by_a_late_write_comes_back_for_its_new_row",
        ),
    ),
    15: (
        "loses a whole batch to one protected cell, in a language it does not read",
        (
            f"{_CONNECTOR}/test_write.py::test_a_protected_cell_is_refused_before_anything_is_sent",
            f"{_CONNECTOR}/test_write.py::test_a_cell_protected_at_the_last_moment_costs_only_its_own_patch",
            f"{_CONNECTOR}/test_errors.py::test_the_refused_part_is_named",
        ),
    ),
    16: (
        "adds its conditional formats again on each run",
        (f"{_SPEC}::test_only_harmless_kinds_of_request_are_sent",),
    ),
    17: (
        "rewrites a dropdown and wipes its colours, or a table's footer",
        (f"{_SPEC}::test_only_harmless_kinds_of_request_are_sent",),
    ),
    18: (
        "takes a missing sheet id for no sheet, missing values for an error",
        (
            f"{_TRAPS}::test_zeros_that_are_left_out_are_zeros",
            f"{_TRAPS}::test_an_empty_tab_has_no_cells",
        ),
    ),
    19: (
        "does not quote titles, breaks on apostrophes, loses a renamed tab",
        (
            f"{_TRAPS}::test_a_tab_of_any_title_is_read_and_written",
            f"{_CONNECTOR}/test_pull.py::test_people_s_tab_is_found_by_its_id_whatever_its_title",
            f"{_CONNECTOR}/test_pull.py::test_a_renamed_results_tab_is_found_by_its_id",
            f"{_CONNECTOR}/test_pull.py::test_a_missing_tab_names_the_nearest",
        ),
    ),
    20: (
        "repeats for ever, repeats what is not repeatable, waits for ever",
        (
            "tests/connectors/test_policy.py::test_gives_up_after_the_attempts",
            f"{_CONNECTOR}/test_write.py::test_a_lost_answer_is_an_open_outcome_not_a_failure",
            f"{_CONNECTOR}/test_write.py::test_a_tab_created_without_an_answer_is_not_created_twice",
            f"{_TRAPS}::test_a_service_that_hangs_is_given_up",
        ),
    ),
    21: (
        "sends a request per cell, opens the file anew for each range",
        (
            f"{_CONNECTOR}/test_write.py::test_cells_of_many_rows_are_one_read_and_one_write",
            f"{_CONNECTOR}/test_pull.py::"
            "test_schema_and_pull_together_cost_one_read_once_the_results_tab_is_there",
        ),
    ),
    22: (
        "reads whole files without a mask",
        (f"{_SPEC}::test_every_read_is_masked",),
    ),
    23: (
        "asks Drive whether anything changed",
        "not applicable: Drive is never asked, and no scope for it; every run reads the cells and compares",
    ),
    24: (
        "takes its own writes for edits, and plays ping-pong through rounding",
        (
            "tests/engine/test_sync.py::test_a_second_run_writes_nothing",
            "tests/engine/test_sync.py::test_a_tool_that_rounds_stays_quiet",
            f"{_CONNECTOR}/test_write.py::test_results_that_are_there_already_are_not_written_again",
            f"{_CONNECTOR}/test_write.py::test_an_installed_lookup_is_not_written_again",
        ),
    ),
    25: (
        "asks for the whole Drive",
        (f"{_TRAPS}::test_only_the_scope_for_spreadsheets_is_asked_for",),
    ),
    26: (
        "compares serial days with dates as text, or in the server's time zone",
        (
            f"{_CONNECTOR}/test_decode.py::test_a_cell_means_its_effective_value",
            f"{_CONNECTOR}/test_decode.py::test_what_is_written_reads_back_the_same",
            f"{_CONNECTOR}/test_pull.py::test_a_pull_reads_every_row",
        ),
    ),
    27: (
        "rewrites 0.30000000000000004 on every run",
        (f"{_TRAPS}::test_noise_of_a_double_is_not_a_change",),
    ),
    28: (
        "separates with commas where they are decimal marks, looks up 17 as text",
        (
            f"{_TRAPS}::test_lookups_work_in_a_file_with_decimal_commas",
            f"{_CONNECTOR}/test_write.py::test_a_lookup_shows_to_people_what_the_tab_holds",
            f"{_CONNECTOR}/test_write.py::test_lookups_are_known_when_the_service_respells_them",
        ),
    ),
    29: (
        "leaves out rows a filter hides, or does not know that it does not",
        "not applicable: visibility is never asked for; hidden rows are read like any others, and every "
        "record carries its row's address",
    ),
    30: (
        "meets the same keys twice after a copy",
        (
            f"{_TRAPS}::test_a_copy_of_the_tab_beside_it_is_not_read",
            f"{_CONNECTOR}/test_grid.py::test_a_duplicate_key_reads_as_unreadable_and_names_both_rows",
            f"{_CONNECTOR}/test_write.py::test_a_key_that_is_gone_or_doubled_is_not_written",
        ),
    ),
    31: (
        "seals the API's host in tests, but neither the token's nor the credential library's",
        (f"{_CONNECTOR}/test_pull.py::test_no_name_is_ever_looked_up_but_the_configured_ones",),
    ),
    32: (
        "takes sharing that was revoked for the removal of all rows",
        (
            f"{_CONNECTOR}/test_pull.py::test_a_file_that_is_not_shared_tells_whom_to_share_with",
            f"{_CONNECTOR}/test_write.py::test_a_read_that_fails_is_every_patch_s_error",
            f"{_TRAPS}::test_sharing_taken_back_between_read_and_write_is_told",
        ),
    ),
    33: (
        "has no time limit, and so hangs with the service",
        (f"{_TRAPS}::test_a_service_that_hangs_is_given_up",),
    ),
    34: (
        "backs off without end on 429 and 5xx, and repeats writes",
        (
            f"{_TRAPS}::test_nothing_that_converts_guesses_or_repeats_is_used",
            f"{_CONNECTOR}/test_pull.py::test_an_exhausted_quota_passes_within_the_next_minute",
        ),
    ),
    35: (
        "fails while it makes an error out of HTML, of a text, of no body",
        (
            f"{_CONNECTOR}/test_errors.py::test_the_status_decides_what_an_answer_means",
            f"{_CONNECTOR}/test_pull.py::test_a_short_outage_is_sat_out",
        ),
    ),
    36: (
        "lets exceptions of three libraries out",
        (
            f"{_CONNECTOR}/test_errors.py::test_every_library_exception_has_a_meaning_of_its_own",
            f"{_CONNECTOR}/test_errors.py::test_every_exception_of_requests_is_mapped",
        ),
    ),
    37: (
        "makes numbers of texts: 007 becomes 7, nan becomes no number",
        (
            f"{_TRAPS}::test_nothing_that_converts_guesses_or_repeats_is_used",
            f"{_TRAPS}::test_a_text_that_looks_like_a_number_stays_text",
            f"{_CONNECTOR}/test_decode.py::test_keys_are_canonical_text",
        ),
    ),
    38: (
        "cannot read a table with two blank or two equal headers",
        (
            f"{_TRAPS}::test_blank_headers_hide_nothing_to_their_right",
            f"{_CONNECTOR}/test_grid.py::test_a_duplicate_header_of_a_wanted_column_is_an_error",
        ),
    ),
    39: (
        "writes single cells as if typed",
        (
            f"{_TRAPS}::test_nothing_that_converts_guesses_or_repeats_is_used",
            f"{_SPEC}::test_everything_the_connector_does_is_in_the_document",
        ),
    ),
    40: (
        "changes the caller's parameters, so that a repeat asks for something else",
        (f"{_TRAPS}::test_a_repeated_read_asks_the_same",),
    ),
    41: (
        "inserts and fills a row in two requests",
        (
            f"{_CONNECTOR}/test_create.py::test_a_row_goes_below_the_last_one",
            f"{_CONNECTOR}/test_create.py::test_a_row_typed_at_the_same_moment_stays_whole",
        ),
    ),
    42: (
        "keeps a row count of its own, which drifts",
        (
            f"{_CONNECTOR}/test_create.py::test_a_full_grid_grows",
            f"{_CONNECTOR}/test_results.py::test_the_grid_grows_before_a_larger_block",
        ),
    ),
    43: (
        "cannot send decimals and dates, and sends what is no number",
        (
            f"{_CONNECTOR}/test_write.py::test_each_kind_of_value_is_stored_as_itself",
            f"{_CONNECTOR}/test_write.py::test_what_no_cell_can_hold_is_refused_alone",
        ),
    ),
    44: (
        "reads the file twice before it reads anything",
        (
            f"{_CONNECTOR}/test_pull.py::"
            "test_schema_and_pull_together_cost_one_read_once_the_results_tab_is_there",
            f"{_TRAPS}::test_nothing_that_converts_guesses_or_repeats_is_used",
        ),
    ),
    45: (
        "looks up another host behind one's back",
        (f"{_CONNECTOR}/test_pull.py::test_no_name_is_ever_looked_up_but_the_configured_ones",),
    ),
    46: (
        "has Google's address built in",
        (f"{_CONNECTOR}/test_pull.py::test_no_name_is_ever_looked_up_but_the_configured_ones",),
    ),
    47: (
        "shares sessions and counters between threads",
        "not applicable: a connection is used by one thread at a time, and the pacer, which is shared, locks",
    ),
}
