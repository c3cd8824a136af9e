"""All tables.  Importing this package makes the metadata complete."""

from core.storage.columns import Base
from core.storage.models.accounts import (
    AccountEntry,
    Allocation,
    Deposit,
    ExchangeDifference,
    Unsettled,
)
from core.storage.models.catalog import (
    ExchangeRate,
    Price,
    PriceBook,
    Product,
    ProductName,
    Tax,
)
from core.storage.models.chat import (
    Focus,
    Inbox,
    Operation,
    Outbox,
    Setting,
    StoredFile,
    UiMessage,
)
from core.storage.models.company import (
    Company,
    CompanyLimit,
    History,
    Invitation,
    Person,
    PersonRole,
)
from core.storage.models.documents import (
    FROZEN,
    Approval,
    Attachment,
    Counter,
    Document,
    DocumentLine,
    DocumentTax,
    DocumentVersion,
    Draw,
    Outstanding,
    PaperFile,
)
from core.storage.models.files import ImportFile, ImportRow
from core.storage.models.online import OnlineCharge, OnlinePayment
from core.storage.models.parties import Address, Contact, Party
from core.storage.models.search import SearchChange
from core.storage.models.series import SeriesQuestion
from core.storage.models.stock import (
    Claim,
    ClaimEnd,
    Level,
    Move,
    Place,
    ProductLock,
    ValueDifference,
    Waiting,
)
from core.storage.models.templates import PaperTemplate, TemplateDefault

__all__ = [
    "FROZEN",
    "AccountEntry",
    "Address",
    "Allocation",
    "Approval",
    "Attachment",
    "Base",
    "Claim",
    "ClaimEnd",
    "Company",
    "CompanyLimit",
    "Contact",
    "Counter",
    "Deposit",
    "Document",
    "DocumentLine",
    "DocumentTax",
    "DocumentVersion",
    "Draw",
    "ExchangeDifference",
    "ExchangeRate",
    "Focus",
    "History",
    "ImportFile",
    "ImportRow",
    "Inbox",
    "Invitation",
    "Level",
    "Move",
    "OnlineCharge",
    "OnlinePayment",
    "Operation",
    "Outbox",
    "Outstanding",
    "PaperFile",
    "PaperTemplate",
    "Party",
    "Person",
    "PersonRole",
    "Place",
    "Price",
    "PriceBook",
    "Product",
    "ProductLock",
    "ProductName",
    "SearchChange",
    "SeriesQuestion",
    "Setting",
    "StoredFile",
    "Tax",
    "TemplateDefault",
    "UiMessage",
    "Unsettled",
    "ValueDifference",
    "Waiting",
]
