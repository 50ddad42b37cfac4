"""A first migration makes each model once: a new one does not make all around it anew."""

import pytest
from django.db import models
from django.db.migrations.state import ModelState, ProjectState

from guilder.foundation.tenancy.management.commands.migrate import quick_states

FIRM = ModelState("states", "Firm", [("id", models.AutoField(primary_key=True))])
PAPER = [
    ("id", models.AutoField(primary_key=True)),
    ("firm", models.ForeignKey("states.Firm", models.CASCADE, related_name="papers")),
]


@pytest.mark.parametrize("is_quick", [True, False])
def test_a_new_model_is_known_to_its_relatives(is_quick):
    state = ProjectState()
    state.add_model(FIRM.clone())
    before = state.apps.get_model("states", "Firm")

    if is_quick:
        with quick_states():
            state.add_model(ModelState("states", "Paper", PAPER))
    else:
        state.add_model(ModelState("states", "Paper", PAPER))

    firm, paper = (state.apps.get_model("states", name) for name in ("Firm", "Paper"))
    assert paper._meta.get_field("firm").related_model is firm
    assert [one.related_model for one in firm._meta.related_objects] == [paper]
    assert state.relations["states", "firm"]["states", "paper"].keys() == {"firm"}
    assert (firm is before) is is_quick


def test_an_index_more_is_in_the_state_and_in_the_model():
    state = ProjectState()
    state.add_model(FIRM.clone())
    before = state.apps.get_model("states", "Firm")
    index = models.Index(fields=["id"], name="states_firm_id")

    with quick_states():
        state.add_index("states", "firm", index)

    assert state.models["states", "firm"].options["indexes"] == [index]
    assert before._meta.indexes == [index]
    assert state.apps.get_model("states", "Firm") is before
