"""Money that went out may come back: its match and its return stand beside each other."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent / "sql"


def once(money: str, *, is_return: bool) -> models.UniqueConstraint:
    """That money is matched, or comes back, once."""
    there = {"is_active": True, f"{money}__isnull": False}
    if is_return:
        return models.UniqueConstraint(
            condition=models.Q(kind="return", **there),
            fields=("organization", money, "kind"),
            name=f"{money}_returned_once",
        )
    return models.UniqueConstraint(
        condition=models.Q(**there) & ~models.Q(kind="return"),
        fields=("organization", money),
        name=f"{money}_matched_once",
    )


class Migration(migrations.Migration):
    dependencies = [("banking", "0005_told")]

    operations = [
        migrations.RemoveConstraint(model_name="match", name="disbursement_matched_once"),
        migrations.RemoveConstraint(model_name="match", name="refund_matched_once"),
        migrations.AddConstraint("match", once("disbursement", is_return=False)),
        migrations.AddConstraint("match", once("disbursement", is_return=True)),
        migrations.AddConstraint("match", once("refund", is_return=False)),
        migrations.AddConstraint("match", once("refund", is_return=True)),
        migrations.RunSQL(
            (SQL / "returns.sql").read_text(), (SQL / "returns_down.sql").read_text()
        ),
    ]
