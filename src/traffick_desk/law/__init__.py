"""The law as data: rule packs, the evaluator, clocks and the explanation of a result."""

from __future__ import annotations

from traffick_desk.law.amend import Amended, Amendments, Unfit
from traffick_desk.law.amend_read import amend, read_text
from traffick_desk.law.amend_words import amended_changes, compare_amended
from traffick_desk.law.assessment import Assessment, Line, Outcome, Result, Step, Total
from traffick_desk.law.check import Check, check_folder
from traffick_desk.law.clocks import Clock, State, clocks
from traffick_desk.law.cost_items import OPEN, Costs, Item, Kind, Part, total_of
from traffick_desk.law.costs import CLOSED, costs
from traffick_desk.law.diff import Change, Comparison, compare
from traffick_desk.law.evaluator import evaluate
from traffick_desk.law.facts import Facts, FactsError, Status
from traffick_desk.law.loader import load_pack, pack_from_texts
from traffick_desk.law.output import (
    clocks_json,
    costs_json,
    entitlements_json,
    item_json,
    timeline_json,
    to_json,
    total_json,
)
from traffick_desk.law.pack import Citation, Code, Mark, Pack
from traffick_desk.law.reader import PackError
from traffick_desk.law.timeline import Period, Timeline, timeline
from traffick_desk.law.words import Text, Words, fact_label, money, number, spell

__all__ = [
    "CLOSED",
    "OPEN",
    "Amended",
    "Amendments",
    "Assessment",
    "Change",
    "Check",
    "Citation",
    "Clock",
    "Code",
    "Comparison",
    "Costs",
    "Facts",
    "FactsError",
    "Item",
    "Kind",
    "Line",
    "Mark",
    "Outcome",
    "Pack",
    "PackError",
    "Part",
    "Period",
    "Result",
    "State",
    "Status",
    "Step",
    "Text",
    "Timeline",
    "Total",
    "Unfit",
    "Words",
    "amend",
    "amended_changes",
    "check_folder",
    "clocks",
    "clocks_json",
    "compare",
    "compare_amended",
    "costs",
    "costs_json",
    "entitlements_json",
    "evaluate",
    "fact_label",
    "item_json",
    "load_pack",
    "money",
    "number",
    "pack_from_texts",
    "read_text",
    "spell",
    "timeline",
    "timeline_json",
    "to_json",
    "total_json",
    "total_of",
]
