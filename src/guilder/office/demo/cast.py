"""Who and what the demo is about: the firm, its people, clients and items; all of it invented."""

from dataclasses import dataclass

EMAIL, PASSWORD = "demo@guilder.example", "guilder-demo"
ORGANIZATION = "Northlight Studio"
DOMAIN = "northlight.example"

PROFILE = {
    "legal_name": "Northlight Studio GmbH",
    "vat_id": "DE123456788",
    "legal_registration": "HRB 99120",
    "legal_information": "Amtsgericht Hamburg HRB 99120, managing director: Ida Brandt",
    "line1": "Speicherstrasse 14",
    "postal_code": "20457",
    "city": "Hamburg",
    "country": "DE",
    "contact_name": "Ida Brandt",
    "email": f"accounts@{DOMAIN}",
    "phone": "+49 40 5550 1840",
    "website": f"https://{DOMAIN}",
    "iban": "DE89370400440532013000",
    "creditor_id": "DE98ZZZ09999999999",
    "bic": "COBADEFFXXX",
    "account_holder": "Northlight Studio GmbH",
    "terms": {"due": {"days": 30}},
}
# Colleagues: name, mail address, role. They have no password, so nobody signs in as them.
COLLEAGUES = (
    ("Jonas Weber", f"jonas.weber@{DOMAIN}", "manager"),
    ("Nora Lindqvist", f"nora.lindqvist@{DOMAIN}", "accountant"),
    ("Tom Reyes", f"tom.reyes@{DOMAIN}", "agent"),
)
# Who says what about which sale of the plan, and on which day of it.
REMARKS = (
    ("Nora Lindqvist", 174, -9, "They object to line 3. I asked Claire for the order."),
    ("Jonas Weber", 174, -8, "@{owner} the order of 4 May has it on page 2. Shall I send it?"),
    ("Nora Lindqvist", 172, -2, "Marc promised the transfer for Tuesday."),
    ("Jonas Weber", 158, -20, "Their mailbox is full. Paolo gave me a second address."),
    ("Nora Lindqvist", 181, 0, "Half of it is there. The rest follows after the handover."),
)
# Lists that the owner keeps.
VIEWS = (
    {"kind": "invoices", "name": "Large and open", "query": "open=yes&amount_min=5000&sort=-open"},
    {"kind": "invoices", "name": "Foreign currency", "query": "currency=CHF,GBP,SEK"},
)
RETURNED = {158: "552 5.2.2 Mailbox full"}  # which mails came back, and with which words
# One unit in euro on the first day of the demo; SOURCE says that they are made up.
RATES = {"GBP": "1.1568", "CHF": "1.0712", "SEK": "0.0894"}
SOURCE = "Demo rates"


@dataclass(frozen=True, slots=True)
class Client:
    """A client of the firm."""

    key: str
    name: str
    country: str
    city: str
    postal_code: str
    line1: str
    contact: str
    vat_id: str = ""
    kind: str = "company"
    currency: str = "EUR"
    language: str = "en"
    days: int = 30


@dataclass(frozen=True, slots=True)
class Good:
    """An item that the firm sells, with its price in euro."""

    code: str
    name: str
    price: str
    unit: str = "C62"
    kind: str = "service"
    tax: str = "standard"
    description: str = ""


CLIENTS = (
    Client("alpengluehn", "Hotel Alpenglühn AG", "DE", "München", "80539", "Maximilianstrasse 7",
           "Lena Öztürk", "DE987654328", language="de"),
    Client("linden", "Linden Books GmbH", "DE", "Leipzig", "04109", "Thomasgasse 3",
           "Karl Linden", "DE214365872", language="de"),
    Client("hafenkontor", "Hafenkontor Bremen eG", "DE", "Bremen", "28195", "Schlachte 22",
           "Frauke Janssen", "DE302468109", language="de"),
    Client("rosenthal", "Atelier Rosenthal", "DE", "Berlin", "10119", "Rosenthaler Strasse 40",
           "Mia Rosenthal", "DE271828180", language="de"),
    Client("okafor", "Mara Okafor", "DE", "Köln", "50667", "Hohe Strasse 81", "Mara Okafor",
           kind="individual", days=14),
    Client("polder", "Polder Fresh BV", "NL", "Utrecht", "3511 LX", "Oudegracht 158",
           "Sanne de Wit", "NL853746321B01", language="nl"),
    Client("nordhavn", "Nordhavn Klinik ApS", "DK", "København", "2150", "Sandkaj 9",
           "Freja Holm", "DK28475969", days=14),
    Client("baltic", "Baltic Timber OÜ", "EE", "Tallinn", "10111", "Viru väljak 2",
           "Kristjan Tamm", "EE101594101", days=14),
    Client("ferrante", "Casa Ferrante Srl", "IT", "Milano", "20121", "Via Brera 14",
           "Giulia Ferrante", "IT12485671007", language="it", days=45),
    Client("marguerite", "Villa Marguerite Srl", "IT", "Como", "22100", "Via Regina 8",
           "Paolo Conti", "IT07643520500", language="it"),
    Client("lumiere", "Café Lumière SARL", "FR", "Lyon", "69002", "12 rue Mercière",
           "Claire Dubois", "FR44732829320", language="fr"),
    Client("lac", "Grand Hôtel du Lac SA", "FR", "Annecy", "74000", "1 quai Eustache-Chappuis",
           "Marc Favre", "FR83404833048", language="fr"),
    Client("brasa", "Brasa Negra Lda", "PT", "Porto", "4050-253", "Rua das Flores 77",
           "Inês Carvalho", "PT502757191"),
    Client("sonnhang", "Weingut Sonnhang KG", "AT", "Krems", "3500", "Wachaustrasse 5",
           "Anna Pichler", "ATU13585627", language="de"),
    Client("juniper", "Juniper & Rye BV", "BE", "Gent", "9000", "Graslei 6",
           "Lotte Maes", "BE0428759497", language="nl"),
    Client("kestrel", "Kestrel & Finch Ltd", "GB", "London", "EC1V 9BD", "64 City Road",
           "Harriet Finch", currency="GBP"),
    Client("harlow", "Harlow Cycles Ltd", "GB", "Bristol", "BS1 4RW", "3 Harbourside",
           "Ben Harlow", currency="GBP"),
    Client("ticino", "Ticino Robotics SA", "CH", "Lugano", "6900", "Via Nassa 21",
           "Luca Bernasconi", currency="CHF"),
    Client("oresund", "Öresund Ports AB", "SE", "Malmö", "211 20", "Hamngatan 4",
           "Elin Sandberg", "SE556254738901", currency="SEK"),
)  # fmt: skip

SERVICES = (
    Good("1001", "Senior lighting designer", "128.00", "HUR"),
    Good("1002", "Junior designer", "86.00", "HUR"),
    Good("1003", "3D study of one room", "640.00"),
    Good("1004", "Site visit", "340.00", description="Half a day, travel in town included"),
    Good("1005", "Commissioning of controls", "104.00", "HUR"),
    Good("1006", "Light measurement with report", "480.00"),
    Good("1007", "Maintenance", "290.00", "MON"),
)
GOODS = (
    Good("2001", "Pendant “Aurora 90”, hand-blown glass", "412.50", "C62", "goods",
         description="Brass fitting, NL-AUR90"),
    Good("2002", "Wall light “Koog”", "186.00", "C62", "goods"),
    Good("2003", "LED profile, 2 m", "38.40", "C62", "goods"),
    Good("2004", "Exhibition catalogue “Light & Stone”", "24.00", "C62", "goods", "reduced",
         "Printed matter"),
)  # fmt: skip
