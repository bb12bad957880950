"""Known ways to get Jira wrong, each with the tests that would notice.

Arrives: nothing. Leaves: `TRAPS`, number to what a naive program does and the tests (file::function) that
catch it. Where okrsync cannot fall into a trap, the text says "not applicable" and why. The first part is
about the service, the last about the client library below.
"""

from __future__ import annotations

_HERE = "tests/connectors/jira"
_WAITING = "tests/connectors/test_waiting.py"
_SAMPLES = "tests/fidelity/test_jira_samples.py"

_SERVICE: tuple[tuple[str, str | tuple[str, ...]], ...] = (
    ("asks for no fields, or for all", (f"{_HERE}/test_traps.py::test_only_named_fields_are_asked_for",)),
    (
        "reads a total, sends an offset, or stops at a page shorter than asked for",
        (
            f"{_HERE}/test_parts.py::test_pages_end_without_a_token",
            f"{_HERE}/test_reading.py::test_short_and_empty_pages_are_walked_to_the_end",
            f"{_HERE}/test_traps.py::test_only_named_fields_are_asked_for",
        ),
    ),
    (
        "walks for ever on a repeated token, or ends at an empty page that has one",
        (
            f"{_HERE}/test_parts.py::test_broken_paging_fails",
            f"{_HERE}/test_parts.py::test_endless_paging_fails",
            f"{_HERE}/test_parts.py::test_pages_end_without_a_token",
        ),
    ),
    (
        "compares edits with a text in UTC, a number in quotes, or seconds",
        (
            f"{_HERE}/test_traps.py::test_moments_in_queries_have_no_zone",
            f"{_HERE}/test_changes.py::test_the_accounts_zone_changes_nothing",
        ),
    ),
    (
        "takes its own clock, or now, as the watermark",
        (
            f"{_HERE}/test_changes.py::test_the_cursor_follows_jiras_clock_and_not_ours",
            f"{_HERE}/test_changes.py::test_without_jiras_clock_the_newest_issue_counts",
            f"{_HERE}/test_changes.py::test_the_cursor_never_passes_the_last_minutes",
        ),
    ),
    (
        "does not overlap its looks, or takes an issue twice",
        (
            f"{_HERE}/test_changes.py::test_an_edit_the_index_shows_late_is_not_lost",
            f"{_HERE}/test_changes.py::test_a_stale_page_does_not_move_the_cursor_past_what_it_hid",
            f"{_HERE}/test_changes.py::test_an_edit_during_the_walk_is_seen_once_as_it_is_now",
        ),
    ),
    (
        "treats a row missing from a search as deleted",
        (
            f"{_HERE}/test_changes.py::test_a_full_look_is_complete_and_a_delta_is_not",
            f"{_HERE}/test_reading.py::test_fetch_sees_what_search_does_not_yet",
            "tests/engine/test_absence.py::test_gone_needs_two_looks_and_a_direct_one_and_keeps_the_proof",
            "tests/engine/test_absence.py::test_many_missing_at_once_are_not_believed",
        ),
    ),
    (
        "does not notice that it is taken for an anonymous visitor",
        (
            f"{_HERE}/test_traps.py::test_an_answer_that_names_nobody_is_no_log_in",
            f"{_HERE}/test_traps.py::test_a_dead_token_on_a_site_that_shows_things_to_everybody",
        ),
    ),
    (
        "fails a whole query by one dead id in a list",
        (
            f"{_HERE}/test_reading.py::test_an_epic_deleted_between_the_walks",
            f"{_HERE}/test_parts.py::test_dead_ids_are_picked_out_whole",
            f"{_SAMPLES}::test_a_dead_key_is_picked_out_of_jiras_words",
        ),
    ),
    (
        "goes by names of types, statuses, transitions or fields",
        (
            f"{_SAMPLES}::test_localized_names_do_not_matter",
            f"{_HERE}/test_reading.py::test_team_managed_epics_have_types_of_their_own",
            f"{_HERE}/test_moving.py::test_a_status_moves_by_the_one_transition_there_is",
        ),
    ),
    (
        "links children by the deprecated field at Cloud, or by the parent at a Data Center",
        (
            f"{_HERE}/test_traps.py::test_the_deprecated_epic_link_is_not_asked_for_at_cloud",
            f"{_HERE}/test_datacenter.py::test_a_childs_epic_is_found_by_its_key",
        ),
    ),
    (
        "counts a story and its sub-tasks, or misses children in other projects",
        (
            f"{_HERE}/test_changes.py::test_sub_tasks_of_stories_are_no_children",
            f"{_HERE}/test_reading.py::test_children_in_any_project_are_counted",
            f"{_HERE}/test_changes.py::test_a_child_made_in_a_project_never_seen_comes_with_its_epic",
            f"{_HERE}/test_reading.py::test_only_the_level_and_the_projects_are_in_scope",
        ),
    ),
    (
        "knows one story point field, adds two, or stumbles over nothing and negative numbers",
        (
            f"{_HERE}/test_reading.py::test_two_differing_estimates_are_reported",
            f"{_HERE}/test_reading.py::test_configured_points_win",
            f"{_HERE}/test_parts.py::test_the_first_number_counts_as_points",
            f"{_HERE}/test_traps.py::test_points_may_be_negative_broken_and_nothing",
        ),
    ),
    (
        "expects an epic to look edited when a child moves",
        (
            f"{_HERE}/test_changes.py::test_a_changed_epic_and_a_changed_child_come_alone",
            "tests/engine/test_children.py::test_a_child_that_leaves_is_subtracted_from_its_old_parent",
        ),
    ),
    (
        "forgets the old parent of a child that left",
        (
            f"{_HERE}/test_changes.py::test_a_child_that_left_its_epic_comes_with_its_new_parent_or_none",
            "tests/engine/test_children.py::test_a_child_that_leaves_is_subtracted_from_its_old_parent",
        ),
    ),
    (
        "believes the order, the keys or the error list of a fetch by ids",
        (
            f"{_HERE}/test_reading.py::test_fetch_follows_a_moved_issue",
            f"{_HERE}/test_reading.py::test_fetch_leaves_out_what_is_gone",
            f"{_HERE}/test_reading.py::test_issues_that_failed_to_load_fail_the_look",
            f"{_SAMPLES}::test_the_official_example_of_a_fetch_is_read",
        ),
    ),
    (
        "mixes up the shapes of expansions and of ids to make consistent",
        (f"{_HERE}/test_traps.py::test_only_named_fields_are_asked_for",),
    ),
    (
        "parses the times of the change log",
        "not applicable: the change log is never read; what was edited is told by our own base",
    ),
    (
        "cannot read times with an offset without a colon",
        (
            f"{_SAMPLES}::test_times_carry_the_accounts_offset",
            f"{_HERE}/test_parts.py::test_shapes_people_see",
        ),
    ),
    (
        "writes unchanged values",
        (
            f"{_HERE}/test_writing.py::test_unchanged_labels_send_nothing",
            f"{_HERE}/test_moving.py::test_a_status_that_is_there_already_sends_nothing",
            "tests/engine/test_sync.py::test_a_second_run_writes_nothing",
        ),
    ),
    (
        "sends whole issues back, sets a status as a field, plain text over a document, numbers as text",
        (
            f"{_HERE}/test_writing.py::test_only_named_cells_are_touched",
            f"{_HERE}/test_moving.py::test_fields_and_status_in_one_patch",
            f"{_HERE}/test_reading.py::test_rich_text_is_read_as_its_words",
            f"{_HERE}/test_writing.py::test_a_value_arrives_and_is_read_back",
        ),
    ),
    (
        "does not say which field is not on the screen",
        (
            f"{_HERE}/test_writing.py::test_a_field_off_the_screen_is_named_with_advice",
            f"{_HERE}/test_create.py::test_a_field_that_is_not_on_the_screen_is_explained",
        ),
    ),
    (
        "turns mails off without the right to",
        (f"{_HERE}/test_client.py::test_an_edit_asks_for_the_issue_and_leaves_mails_alone",),
    ),
    (
        "edits many issues at once with one value, or one property of all",
        (f"{_HERE}/test_traps.py::test_nothing_beyond_a_syncs_addresses_is_asked",),
    ),
    (
        "treats every 429 alike, or sleeps as long as it is told",
        (
            f"{_HERE}/test_moving.py::test_each_reason_to_slow_down_pauses_what_it_concerns",
            f"{_HERE}/test_client.py::test_too_many_requests",
            f"{_HERE}/test_client.py::test_a_long_quota_pause_is_told",
            f"{_WAITING}::test_a_wait_beyond_the_runs_ceiling_is_told_and_not_begun",
            f"{_HERE}/test_pace.py::test_a_run_slows_down_before_it_is_told_to_stop",
        ),
    ),
    (
        "repeats what can never pass, or a creation whose answer was lost",
        (
            f"{_HERE}/test_client.py::test_final_statuses",
            f"{_HERE}/test_writing.py::test_refused_credentials_stop_the_rest",
            f"{_HERE}/test_create.py::test_a_lost_answer_is_not_repeated_and_found_by_its_marker",
        ),
    ),
    (
        "reads a page as JSON, or a followed redirect as a success",
        (
            f"{_HERE}/test_client.py::test_passing_trouble_is_repeated_for_reads_only",
            f"{_HERE}/test_client.py::test_final_statuses",
            f"{_HERE}/test_reading.py::test_a_login_page_fails_the_pull",
        ),
    ),
    (
        "shows a kind of token to the address that does not take it",
        (
            f"{_HERE}/test_gateway.py::test_a_token_at_the_wrong_address_is_told",
            f"{_HERE}/test_gateway.py::test_the_gateway_takes_scoped_and_oauth_tokens",
            f"{_HERE}/test_parts.py::test_a_cloud_id_leads_to_the_gateway",
        ),
    ),
    (
        "knows people by e-mail or by name alone",
        (
            f"{_SAMPLES}::test_hidden_emails_and_apps_are_people",
            f"{_HERE}/test_moving.py::test_a_person_is_written_by_account",
            f"{_HERE}/test_moving.py::test_a_person_who_cannot_be_proven_is_refused",
        ),
    ),
    (
        "holds answers to the letter of the official document",
        (
            f"{_SAMPLES}::test_recorded_issues_have_nothing_unreadable_that_was_loaded",
            f"{_SAMPLES}::test_field_lists_are_typed",
        ),
    ),
    (
        "keeps ids of fields and types for another site",
        (f"{_HERE}/test_traps.py::test_a_cursor_of_another_site_leads_to_a_full_look",),
    ),
    (
        "sends cookies back beside a good token",
        (f"{_HERE}/test_client.py::test_cookies_are_not_sent_back",),
    ),
    (
        "pages by offset past the window of a Data Center",
        (
            f"{_HERE}/test_datacenter.py::test_the_window_of_offsets_is_no_end",
            f"{_HERE}/test_datacenter.py::test_a_row_that_goes_during_the_walk_hides_no_other",
            f"{_HERE}/test_datacenter.py::test_too_many_issues_of_one_moment_fail",
        ),
    ),
)

_LIBRARY: tuple[tuple[str, str | tuple[str, ...]], ...] = (
    (
        "lets the library repeat and sleep behind the policy's back",
        (
            f"{_WAITING}::test_a_wait_beyond_the_runs_ceiling_is_told_and_not_begun",
            f"{_WAITING}::test_a_write_lost_in_a_503_is_not_repeated_and_still_waited_for",
            f"{_WAITING}::test_asked_for_no_time_at_all_it_still_backs_off",
        ),
    ),
    (
        "tries a port nobody listens at without end",
        (f"{_WAITING}::test_nobody_listening_is_told_as_such",),
    ),
    (
        "gives a time-out in parts of a second, or for connecting, to a library that knows neither",
        (
            f"{_HERE}/test_client.py::test_a_read_that_never_answers_is_given_up",
            f"{_WAITING}::test_a_service_that_never_answers_costs_its_time_out",
        ),
    ),
    (
        "loses the names of refused fields, or the gateway's own words",
        (
            f"{_HERE}/test_client.py::test_a_refusal_names_its_fields",
            f"{_HERE}/test_gateway.py::test_another_sites_cloud_id",
            f"{_SAMPLES}::test_every_face_of_an_error_is_understood",
        ),
    ),
    (
        "takes text, nothing or an empty list for an answer that is not JSON",
        (f"{_HERE}/test_client.py::test_passing_trouble_is_repeated_for_reads_only",),
    ),
    (
        "pages with helpers that have no end",
        (f"{_HERE}/test_parts.py::test_endless_paging_fails",),
    ),
    (
        "puts ids into an address as they are",
        (f"{_HERE}/test_client.py::test_ids_cannot_break_out_of_the_path",),
    ),
    (
        "writes Python's truth values into an address, or a misspelled argument",
        (
            f"{_HERE}/test_client.py::test_an_edit_asks_for_the_issue_and_leaves_mails_alone",
            "tests/fidelity/test_jira_requests.py::test_everything_the_connector_does_is_in_the_document",
        ),
    ),
    (
        "writes numbers that are none, or loses digits",
        (
            f"{_HERE}/test_parts.py::test_fifteen_digits_survive_the_wire",
            f"{_HERE}/test_writing.py::test_what_cannot_be_written_is_refused_before_sending",
            f"{_HERE}/test_client.py::test_numbers_are_read_as_decimals",
        ),
    ),
    (
        "calls itself by the library's name",
        (f"{_HERE}/test_client.py::test_requests_are_signed_and_named",),
    ),
    (
        "logs whole answers",
        (f"{_HERE}/test_traps.py::test_nothing_is_logged_that_is_anybodys_business",),
    ),
    (
        "takes proxies and passwords from the environment",
        (f"{_HERE}/test_client.py::test_the_environments_proxy_is_ignored",),
    ),
    (
        "takes a transition that nothing matched",
        (f"{_HERE}/test_moving.py::test_no_way_there_is_told",),
    ),
    (
        "lets an exception of the library out",
        (
            f"{_HERE}/test_client.py::test_every_library_exception_is_mapped",
            "tests/connectors/test_transport.py::test_every_library_exception_has_a_meaning_of_its_own",
        ),
    ),
    (
        "shares a client that changes its mode between threads",
        "not applicable: the mode is given with each call, and a connection is used by one thread at a time",
    ),
)

TRAPS: dict[int, tuple[str, str | tuple[str, ...]]] = dict(enumerate((*_SERVICE, *_LIBRARY), start=1))
