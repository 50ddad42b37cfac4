"""Random raw invoices for Hypothesis: everything that moves the sums."""

from hypothesis import strategies as st

prices = st.decimals("0", "999.999999", places=6).map(lambda value: f"{value.normalize():f}")
quantities = st.decimals("-5", "50", places=3).map(lambda value: f"{value.normalize():f}")
percents = st.decimals("0.01", "30", places=2).map(str)
names = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Cf", "Zl", "Zp", "Co")),
    min_size=1,
    max_size=30,
).map(lambda text: f"x{text}x")


def levels(**more):
    return st.lists(
        st.one_of(
            st.fixed_dictionaries({"percent": percents, "reason": names, **more}),
            st.fixed_dictionaries(
                {"amount": st.sampled_from(["0.01", "1.23", "7"]), "reason": names, **more}
            ),
        ),
        max_size=2,
    )


lines = st.fixed_dictionaries(
    {
        "description": names,
        "quantity": quantities,
        "unit": st.sampled_from(["C62", "HUR", "KGM"]),
        "unit_price": prices,
        "tax": st.sampled_from(["standard", "reduced", "zero", "exempt", "standard"]),
    },
    optional={
        "name": names,
        "base_quantity": st.sampled_from(["1", "10", "100"]),
        "tax_inclusive": st.booleans(),
        "allowances": levels(),
        "charges": levels(),
        "note": names,
    },
)
invoices = st.fixed_dictionaries(
    {
        "currency": st.just("EUR"),
        # One plain line keeps the amount to be paid above zero whatever the others are.
        "lines": st.lists(lines, max_size=5).map(
            lambda some: [
                *some,
                {
                    "description": "Rest",
                    "quantity": "1",
                    "unit_price": "9999999",
                    "tax": "standard",
                },
            ]
        ),
    },
    optional={
        "allowances": levels(tax=st.just("standard")),
        "charges": levels(),
        "notes": names,
        "order_reference": names,
        "tax_rounding": st.sampled_from(["group", "line"]),
        "cash_rounding": st.just("0.05"),
        "due_on": st.just("2026-12-24"),
        "custom_fields": st.dictionaries(st.sampled_from(["A", "B"]), names, max_size=2),
        "withholdings": st.just([{"percent": "10", "reason": "Kept back"}]),
        "delivery": st.just({"delivered_on": "2026-11-10"}),
    },
)
