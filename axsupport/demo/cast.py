"""The demo's people and contracts: twelve organisations on all levels, forty people."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.enums import GoldDefault, Role
from entitlements.enums import Edition, Level

PASSWORD = "demo-axsupport"


@dataclass(frozen=True)
class Member:
    name: str
    email: str
    role: Role
    timezone: str = "Europe/Bucharest"
    language: str = "en"
    lead: bool = False


@dataclass(frozen=True)
class Pack:
    quantity: int
    days_ago: int


@dataclass(frozen=True)
class Contract:
    """A licence and what was bought for it; days count back from the end of the story."""

    key: str
    edition: Edition
    registered: int
    price: int
    terms: tuple[tuple[Level, int, int], ...] = ()  # level, began days ago, lasts days
    packs: tuple[Pack, ...] = ()


@dataclass(frozen=True)
class Company:
    name: str
    slug: str
    country: str
    timezone: str
    people: tuple[tuple[str, str, Role], ...]
    contracts: tuple[Contract, ...]
    share: int  # of the incidents, in percent
    tam: str = "tam@axsupport.example"
    partner: bool = False
    gold_default: GoldDefault = GoldDefault.ASK
    language: str = "en"
    project: tuple[str, int, int] | None = None  # name, began days ago, lasts days


PARTNER = "Lapland IT"

STAFF = (
    Member("Ioana Radu", "ts1@axsupport.example", Role.TS1, lead=True),
    Member("Mihai Stan", "mihai.stan@axsupport.example", Role.TS1),
    Member("Elena Dumitrescu", "elena.dumitrescu@axsupport.example", Role.TS1),
    Member("Farid Haddad", "farid.haddad@axsupport.example", Role.TS1, "Europe/Paris"),
    Member("Andrei Popescu", "ts2@axsupport.example", Role.TS2),
    Member("Lucia Ferrari", "lucia.ferrari@axsupport.example", Role.TS2, "Europe/Rome"),
    Member("Radu Ionescu", "ts3@axsupport.example", Role.TS3),
    Member("Katarzyna Nowak", "katarzyna.nowak@axsupport.example", Role.TS3, "Europe/Warsaw"),
    Member("Claire Bennett", "tam@axsupport.example", Role.TAM, "Europe/London"),
    Member("Stefan Vogel", "stefan.vogel@axsupport.example", Role.TAM, "Europe/Berlin"),
    Member("Diana Marin", "manager@axsupport.example", Role.MANAGER, lead=True),
    Member("Aino Virtanen", "partner@lapland-it.example", Role.PARTNER, "Europe/Helsinki", "fi"),
    Member("Mikko Laine", "mikko.laine@lapland-it.example", Role.PARTNER, "Europe/Helsinki", "fi"),
)

_C, _A = Role.CONTACT, Role.ADMIN_CONTACT

COMPANIES = (
    Company(
        "Northwind Traders",
        "northwind",
        "RO",
        "Europe/Bucharest",
        (
            ("Nora Winters", "contact@northwind.example", _C),
            ("Adrian Lungu", "admin@northwind.example", _A),
            ("Ștefan Țăran", "stefan.taran@northwind.example", _C),
        ),
        (
            Contract(
                "AXG-B-7714-2201",
                Edition.BUSINESS,
                700,
                9800,
                ((Level.PREMIUM, 330, 365),),
                (Pack(25, 176), Pack(10, 40)),
            ),
            Contract("AXG-O-7714-2202", Edition.OFFICE, 95, 1400),
        ),
        share=21,
        gold_default=GoldDefault.HIGHEST,
    ),
    Company(
        "Fabrikam Manufacturing",
        "fabrikam",
        "GB",
        "Europe/London",
        (
            ("Frank Miller", "contact@fabrikam.example", _C),
            ("Grace Hughes", "admin@fabrikam.example", _A),
        ),
        (Contract("AXG-O-3020-0045", Edition.OFFICE, 214, 1200),),
        share=7,
    ),
    Company(
        "Contoso Pohjola Oy",
        "contoso",
        "FI",
        "Europe/Helsinki",
        (
            ("Kaisa Korhonen", "contact@contoso.example", _C),
            ("Jukka Mäkelä", "admin@contoso.example", _A),
        ),
        (Contract("AXG-B-5151-1007", Edition.BUSINESS, 520, 5200, ((Level.FIRST, 280, 365),)),),
        share=10,
        partner=True,
        language="fi",
    ),
    Company(
        "Lapsed Logistics",
        "lapsed",
        "DE",
        "Europe/Berlin",
        (
            ("Lars Petersen", "contact@lapsed.example", _C),
            ("Britta Kühn", "admin@lapsed.example", _A),
        ),
        (Contract("AXG-B-1009-0303", Edition.BUSINESS, 760, 4100, ((Level.FIRST, 410, 365),)),),
        share=3,
        tam="stefan.vogel@axsupport.example",
    ),
    Company(
        "Ταχυδρομική Αιγαίου Α.Ε.",
        "aegean-post",
        "GR",
        "Europe/Athens",
        (
            ("Ελένη Παπαδοπούλου", "eleni@aegean-post.example", _C),
            ("Γιώργος Νικολάου", "giorgos@aegean-post.example", _A),
        ),
        (
            Contract(
                "AXG-B-6400-9921",
                Edition.BUSINESS,
                900,
                14500,
                ((Level.PREMIUM, 540, 365), (Level.PREMIUM, 175, 365)),
                (Pack(10, 160),),
            ),
        ),
        share=12,
        tam="stefan.vogel@axsupport.example",
        gold_default=GoldDefault.NEVER,
    ),
    Company(
        "Балкан Хостинг ООД",
        "balkan-hosting",
        "BG",
        "Europe/Sofia",
        (
            ("Димитър Иванов", "dimitar@balkan-hosting.example", _C),
            ("Мария Стоянова", "maria@balkan-hosting.example", _A),
        ),
        (Contract("AXG-B-8821-4410", Edition.BUSINESS, 480, 7600, ((Level.PREMIUM, 205, 365),)),),
        share=12,
        tam="stefan.vogel@axsupport.example",
    ),
    Company(
        "Școala Națională de Informatică",
        "scoala-nationala",
        "RO",
        "Europe/Bucharest",
        (
            ("Ana-Maria Țuțea", "anamaria@scoala.example", _C),
            ("Bogdan Șerban", "bogdan@scoala.example", _A),
        ),
        (Contract("AXG-O-2233-7001", Edition.OFFICE, 300, 2600, ((Level.FIRST, 190, 365),)),),
        share=8,
    ),
    Company(
        "Hotelgruppe Schönblick GmbH & Co. KG",
        "schoenblick",
        "AT",
        "Europe/Vienna",
        (
            ("Sabine Größinger", "sabine@schoenblick.example", _C),
            ("Markus Wöhrl", "markus@schoenblick.example", _A),
        ),
        (Contract("AXG-B-4470-1188", Edition.BUSINESS, 610, 6900, ((Level.FIRST, 300, 365),)),),
        share=9,
        tam="stefan.vogel@axsupport.example",
    ),
    Company(
        "Adatum Telecom",
        "adatum",
        "AE",
        "Asia/Dubai",
        (
            ("Yusuf Al Mansoori", "yusuf@adatum.example", _C),
            ("Priya Nair", "priya@adatum.example", _A),
        ),
        (Contract("AXG-B-9000-0001", Edition.BUSINESS, 240, 48000, ((Level.PREMIUM, 200, 365),)),),
        share=9,
        project=("Migration of 40,000 mailboxes", 120, 150),
    ),
    Company(
        "Fourth Coffee Roasters",
        "fourth-coffee",
        "US",
        "America/New_York",
        (
            ("Dana Brooks", "dana@fourthcoffee.example", _C),
            ("Luis Ortega", "luis@fourthcoffee.example", _A),
        ),
        (Contract("AXG-O-1188-6070", Edition.OFFICE, 150, 990),),
        share=4,
    ),
    Company(
        "Wingtip Analytics",
        "wingtip",
        "IN",
        "Asia/Kolkata",
        (
            ("Rohan Deshpande", "rohan@wingtip.example", _C),
            ("Meera Iyer", "meera@wingtip.example", _A),
        ),
        (Contract("AXG-E-5500-0912", Edition.EVALUATION, 21, 0),),
        share=1,
    ),
    Company(
        "Tailspin Aviation",
        "tailspin",
        "NL",
        "Europe/Amsterdam",
        (
            ("Joost de Vries", "joost@tailspin.example", _C),
            ("Femke Bakker", "femke@tailspin.example", _A),
            ("Sanne Visser", "sanne@tailspin.example", _C),
            ("Ruben Smit", "ruben@tailspin.example", _C),
        ),
        (Contract("AXG-B-7007-3131", Edition.BUSINESS, 420, 5600, ((Level.FIRST, 60, 365),)),),
        share=4,
    ),
)

# The numbers that people wrote into their profiles.
PHONES = {
    "contact@northwind.example": "+40 21 555 0142",
    "admin@northwind.example": "+40 21 555 0143",
    "stefan.taran@northwind.example": "+40 721 555 014",
    "contact@fabrikam.example": "+44 20 7946 0143",
    "yusuf@adatum.example": "+971 4 555 0143",
    "dana@fourthcoffee.example": "+1 212 555 0143",
}

# Whom `make up` prints, and with which words.
ACCOUNTS = (
    ("contact@northwind.example", "contact, Premium with Gold packs"),
    ("admin@northwind.example", "admin contact of the same"),
    ("contact@fabrikam.example", "contact, Basic"),
    ("contact@contoso.example", "contact, FIRsT, served by a local partner"),
    ("contact@lapsed.example", "contact, nothing left"),
    ("ts1@axsupport.example", "support engineer, TS1"),
    ("ts2@axsupport.example", "beta tester, TS2"),
    ("ts3@axsupport.example", "developer, TS3"),
    ("tam@axsupport.example", "technical account manager"),
    ("manager@axsupport.example", "support manager"),
    ("partner@lapland-it.example", "local partner's engineer, TS1"),
)
