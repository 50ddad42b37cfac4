"""The chart for Germany, with the account numbers that German tax advisers know (SKR 03)."""

from guilder.books.ledger.charts.base import Line

CHART = (
    Line("1000", "Kasse", "asset", "cash"),
    Line("1200", "Bank", "asset", "bank"),
    Line("1360", "Geldtransit", "asset", "transit"),
    Line("1400", "Forderungen aus Lieferungen und Leistungen", "asset", "receivables"),
    Line("1548", "Von Kunden einbehaltene Steuer", "asset", "withheld"),
    Line("1593", "Verrechnung bereits gezahlter Beträge", "liability", "prepaid"),
    Line("1710", "Erhaltene Anzahlungen", "liability", "deposits"),
    Line("1731", "Guthaben von Kunden", "liability", "customer_credit"),
    Line("1770", "Umsatzsteuer", "liability", "tax"),
    Line("1771", "Umsatzsteuer 7 %", "liability", "tax.S.7"),
    Line("1776", "Umsatzsteuer 19 %", "liability", "tax.S.19"),
    Line("2150", "Kursdifferenzen", "expense", "exchange"),
    Line("2400", "Forderungsverluste", "expense", "bad_debt"),
    Line("2709", "Rundungsdifferenzen", "income", "rounding"),
    Line("8100", "Steuerfreie Umsätze", "income", "revenue.E"),
    Line("8120", "Steuerfreie Ausfuhrlieferungen", "income", "revenue.G"),
    Line("8125", "Steuerfreie innergemeinschaftliche Lieferungen", "income", "revenue.K"),
    Line("8300", "Erlöse 7 % USt", "income", "revenue.S.7"),
    Line("8337", "Erlöse, Steuerschuld beim Empfänger", "income", "revenue.AE"),
    Line("8338", "Im Inland nicht steuerbare Umsätze", "income", "revenue.O"),
    Line("8400", "Erlöse 19 % USt", "income", "revenue.S.19"),
    Line("8500", "Erlöse", "income", "revenue"),
    Line("9000", "Saldenvorträge", "equity", "opening"),
)
