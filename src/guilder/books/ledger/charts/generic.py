"""The chart for countries without one of their own."""

from guilder.books.ledger.charts.base import Line

CHART = (
    Line("1000", "Cash", "asset", "cash"),
    Line("1010", "Bank", "asset", "bank"),
    Line("1050", "Money in transit", "asset", "transit"),
    Line("1100", "Receivables", "asset", "receivables"),
    Line("1150", "Tax withheld by customers", "asset", "withheld"),
    Line("1160", "Tax to reclaim", "asset", "input_tax"),
    Line("1170", "Advance payments to suppliers", "asset", "advances"),
    Line("2000", "Payables", "liability", "payables"),
    Line("2100", "Customer credit", "liability", "customer_credit"),
    Line("2150", "Deposits received", "liability", "deposits"),
    Line("2160", "Amounts paid in advance", "liability", "prepaid"),
    Line("2200", "Tax payable", "liability", "tax"),
    Line("2210", "Tax owed as the customer", "liability", "own_tax"),
    Line("3000", "Opening balances", "equity", "opening"),
    Line("4000", "Revenue", "income", "revenue"),
    Line("4900", "Rounding differences", "income", "rounding"),
    Line("5000", "Expenses", "expense", "expense"),
    Line("5100", "Goods and materials", "expense"),
    Line("5200", "Services bought", "expense"),
    Line("5300", "Rent and energy", "expense"),
    Line("5400", "Software and telecommunication", "expense"),
    Line("5500", "Advertising", "expense"),
    Line("5600", "Travel", "expense"),
    Line("5700", "Insurance and fees", "expense"),
    Line("5900", "Exchange differences", "expense", "exchange"),
    Line("5910", "Bad debts", "expense", "bad_debt"),
)
