"""Small code lists of people received together: what one is to another."""

from __future__ import annotations

from traffick_desk.i18n import N_

GROUP_LISTS: dict[str, dict[str, str]] = {
    "group_relation": {
        "child": N_("Child of"),
        "mother": N_("Mother of"),
        "father": N_("Father of"),
        "sibling": N_("Brother or sister of"),
        "spouse": N_("Wife or husband of"),
        "grandparent": N_("Grandparent of"),
        "grandchild": N_("Grandchild of"),
        "relative": N_("Another relative of"),
        "guardian": N_("Guardian of, looks after"),
        "ward": N_("In the care of"),
        "travels": N_("Travels with"),
        "received": N_("Only received together with"),
    },
}
# Who is of one household speaks its language.
KIN = frozenset(
    {
        "child",
        "mother",
        "father",
        "sibling",
        "spouse",
        "grandparent",
        "grandchild",
        "relative",
        "guardian",
        "ward",
    }
)
# Under 18, who is this to somebody comes along with her or him.
LOOKED_AFTER = frozenset({"child", "sibling", "grandchild", "relative", "ward"})
