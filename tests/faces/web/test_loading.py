"""Icons and amounts that are written out as a template is loaded say what their components say."""

import pytest
from django.template import Context, Template, engines
from django_cotton.compiler_regex import CottonCompiler

from guilder.faces.web.loading import written_out
from guilder.kernel.money import Money

ICONS = [
    '<c-icon name="plus" />',
    '<c-icon name="left" small class="rtl:rotate-180" />',
    '<c-icon name="{{ one.icon }}" class="{% if one.turned %}rotate-180{% endif %}" />',
    '<c-icon name="{% if one.ok %}check{% else %}warn{% endif %}" small />',
]
AMOUNTS = ['<c-money :value="one.amount" />', '<c-money :value="one.nothing" />']
ONE = {
    "icon": "bank<",
    "turned": True,
    "ok": False,
    "amount": Money(119_00, "EUR"),
    "nothing": None,
}


def drawn(text: str) -> str:
    template = Template(CottonCompiler().process(text), engine=engines["django"].engine)
    return " ".join(template.render(Context({"one": ONE})).split())


@pytest.mark.parametrize("call", [*ICONS, *AMOUNTS])
def test_it_is_what_the_component_draws(call: str) -> None:
    assert "<c-" not in written_out(call)
    assert drawn(written_out(call)) == drawn(call)


@pytest.mark.parametrize(
    "call",
    [
        '<c-icon :name="one.icon" />',
        '<c-money :value="one.amount" large />',
        '<c-card title="x" />',
    ],
)
def test_what_says_more_is_left_to_its_component(call: str) -> None:
    assert written_out(call) == call
