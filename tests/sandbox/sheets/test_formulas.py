"""Formulas compute, and stay right when the cells around them move."""

from __future__ import annotations

import pytest

from okrsync.sandbox.clock import VirtualClock
from okrsync.sandbox.sheets import SheetsService
from tests.sandbox.sheets.desk import LOOKUP, START, Desk, Json, desk


class TestFormulas:
    """Formulas compute, and stay right when cells move."""

    def formula(self, world: Desk, text: str) -> Json:
        """The value a formula gives in H1."""
        world.put("KRs!H1", [[text]], "USER_ENTERED")
        return world.values("KRs!H1")[0][0]

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("=C2", 20),
            ("=C2+C3*2-(4/2)", 38),
            ("=-C2", -20),
            ("=50%", 0.5),
            ("=SUM(C2:C4)", 60.5),
            ("=SUM(C:C;1)", 61.5),
            ('=VLOOKUP("kr-1",A:C,3,FALSE)', 10),
            ("=IFERROR(VLOOKUP($A2;'_okrsync'!$A:$H;2;FALSE);\"\")", 0.2),
            ("=IFERROR(VLOOKUP($A4;'_okrsync'!$A:$H;2;FALSE);\"none\")", "none"),
            ("=G1", ""),
            ("=NOSUCH(1)", "#NAME? (Unknown function: 'NOSUCH'.)"),
            (
                "=A1*2",
                "#VALUE! (Function MULTIPLY parameter 1 expects number values. "
                "But 'KR' is a text and cannot be coerced to a number.)",
            ),
            ("=Nowhere!A1", "#REF! (Unresolved sheet name 'Nowhere'.)"),
            ("=H1", "#REF! (Circular dependency detected.)"),
            ('=VLOOKUP("x";A:B;9;FALSE)', "#REF! (VLOOKUP evaluates to an out of bounds range.)"),
            ("=1 2", "#ERROR! (Formula parse error.)"),
        ],
    )
    def test_values(self, world: Desk, text: str, value: Json) -> None:
        """What the small evaluator gives."""
        assert self.formula(world, text) == value

    def test_a_comma_locale_separates_by_semicolon_only(self) -> None:
        """Under de_DE formulas with commas between arguments fail to parse, as reported."""
        clock = VirtualClock(START)
        with desk(SheetsService(clock), clock, "de_DE") as world:
            world.service.add_tab(world.id, "T", [["a", 1.5]])
            formulas = ['=VLOOKUP("a";A:B;2;FALSE)', '=VLOOKUP("a",A:B,2,FALSE)', "=1,5*2"]
            world.put("T!D1", [formulas], "USER_ENTERED")
            assert world.values("T!D1:F1") == [[1.5, "#ERROR! (Formula parse error.)", 3]]

    def test_a_lookup_shows_its_own_row_through_a_sort(self, world: Desk) -> None:
        """References to the own row move with the row; the shown score is always the key's."""
        world.act("sort", tab="KRs", column="KR")
        assert world.values("KRs!A2:E4", "FORMULA")[0][4] == LOOKUP.format(row=2)
        scores = [(row[0], row[4]) for row in world.values("KRs!A2:E4")]
        assert scores == [("KR-1", 0.1), ("KR-2", 0.2), ("KR-3", "")]

    def test_references_follow_inserted_rows_and_columns(self, world: Desk) -> None:
        """Fixed or not, a reference names the same cell afterwards."""
        world.act("set_formula", tab="KRs", cell="H1", formula="=$C$2+SUM(C2:C3)")
        world.act("insert_row", tab="KRs", row=3, values={"KR": "KR-9"})
        world.act("insert_column", tab="KRs", column="Current", header="New")
        assert world.values("KRs!I1", "FORMULA") == [["=$D$2+SUM(D2:D4)"]]
        assert world.values("KRs!I1") == [[50]]

    def test_a_deleted_cell_leaves_a_broken_reference(self, world: Desk) -> None:
        """The reference becomes #REF!, a range only shrinks."""
        world.act("set_formula", tab="KRs", cell="H1", formula="=C2+SUM(C2:C4)")
        world.act("delete_row", tab="KRs", key="KR-2")
        assert world.values("KRs!H1", "FORMULA") == [["=#REF!+SUM(C2:C3)"]]
        assert world.values("KRs!H1") == [["#REF! (Reference does not exist.)"]]

    def test_formulas_follow_a_renamed_tab_and_lose_a_deleted_one(self, world: Desk) -> None:
        """Renaming the results tab keeps the lookups, deleting it breaks them into the fallback."""
        world.act("rename_tab", tab="_okrsync", to="Results 1")
        assert "'Results 1'!$A:$H" in world.values("KRs!E2", "FORMULA")[0][0]
        assert world.values("KRs!E2") == [[0.2]]
        world.act("delete_tab", tab="Results 1")
        assert world.values("KRs!E2") == [[""]]

    def test_references_follow_cut_and_paste(self, world: Desk) -> None:
        """A reference to a moved cell points at its new place; the moved formula keeps its text."""
        world.act("set_formula", tab="KRs", cell="H1", formula="=C2")
        world.act("cut_paste", tab="KRs", **{"from": "C2:E2", "to": "C9"})
        assert world.values("KRs!H1", "FORMULA") == [["=C9"]]
        assert world.values("KRs!E9", "FORMULA") == [[LOOKUP.format(row=2)]]

    def test_separators_may_come_back_in_the_locales_own(self) -> None:
        """With the switch on, a formula is shown back with the locale's separator."""
        clock = VirtualClock(START)
        with desk(SheetsService(clock, rewrites_separators=True), clock) as world:
            world.service.add_tab(world.id, "T")
            world.put("T!A1", [['=IFERROR(B1;"a;b")']], "USER_ENTERED")
            assert world.values("T!A1", "FORMULA") == [['=IFERROR(B1,"a;b")']]
