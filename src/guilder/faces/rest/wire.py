"""What raw values look like on the wire: for the documentation, the rooms judge them."""

from typing import Annotated, Literal

from msgspec import Meta

Amount = (
    Annotated[
        str,
        Meta(
            pattern=r"^-?\d{1,12}(\.\d{1,6})?$",
            description="A decimal number, as a string; a whole one may be a number.",
            examples=["119.00"],
        ),
    ]
    | int
)
AmountOrEmpty = (
    Annotated[
        str,
        Meta(
            pattern=r"^(-?\d{1,12}(\.\d{1,6})?)?$",
            description="A decimal number, as a string, or empty; a whole one may be a number.",
            examples=["119.00"],
        ),
    ]
    | int
)
Whole = int | Annotated[str, Meta(pattern=r"^-?\d{1,9}$")]
Day = Annotated[str, Meta(description="YYYY-MM-DD", extra_json_schema={"format": "date"})]
Instant = Annotated[
    str, Meta(description="ISO 8601 with its zone", extra_json_schema={"format": "date-time"})
]
Id = Annotated[str, Meta(extra_json_schema={"format": "uuid"})]
Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$", description="ISO 4217", examples=["EUR"])]
Country = Annotated[str, Meta(pattern="^[A-Z]{2}$", description="ISO 3166-1", examples=["DE"])]
Email = Annotated[str, Meta(max_length=254, examples=["office@bar.example"])]
Unit = Annotated[
    str, Meta(pattern="^[A-Z0-9]{1,3}$", description="UNECE Rec 20/21", examples=["HUR"])
]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Code = Annotated[str, Meta(min_length=1, max_length=40)]
PartnerKind = Literal["company", "individual"]
ItemKind = Literal["goods", "service", "bundle", "metered"]
InvoiceKind = Literal["invoice", "credit_note", "debit_note", "deposit", "pro_forma"]
SeriesKind = Literal["invoice", "credit_note", "debit_note", "deposit", "quote", "pro_forma"]
AccountKind = Literal["asset", "liability", "equity", "income", "expense"]
Role = Literal["admin", "manager", "accountant", "agent", "viewer", "client"]
Reset = Literal["none", "year", "month"]
TaxRounding = Literal["group", "line"]
Category = Literal["S", "Z", "E", "AE", "K", "G", "O", "L", "M"]
Method = Literal["bank_transfer", "cash", "card", "direct_debit", "cheque", "online", "other"]
