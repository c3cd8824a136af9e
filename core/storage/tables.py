"""Tables of the trade, by name, for statements of SQLAlchemy Core; the chat has its own.

Models are declarative, statements are Core: who writes a statement imports its tables from here.
"""

from __future__ import annotations

from core.storage.models import (
    AccountEntry,
    Address,
    Allocation,
    Approval,
    Attachment,
    Claim,
    ClaimEnd,
    Company,
    CompanyLimit,
    Contact,
    Counter,
    Deposit,
    Document,
    DocumentLine,
    DocumentTax,
    DocumentVersion,
    Draw,
    ExchangeDifference,
    ExchangeRate,
    History,
    ImportFile,
    ImportRow,
    Invitation,
    Level,
    Move,
    OnlineCharge,
    OnlinePayment,
    Outstanding,
    PaperFile,
    PaperTemplate,
    Party,
    Person,
    PersonRole,
    Place,
    Price,
    PriceBook,
    Product,
    ProductLock,
    ProductName,
    SearchChange,
    SeriesQuestion,
    Tax,
    TemplateDefault,
    Unsettled,
    ValueDifference,
    Waiting,
)

account_entry = AccountEntry.__table__
address = Address.__table__
allocation = Allocation.__table__
approval = Approval.__table__
attachment = Attachment.__table__
claim = Claim.__table__
claim_end = ClaimEnd.__table__
company = Company.__table__
company_limit = CompanyLimit.__table__
contact = Contact.__table__
counter = Counter.__table__
deposit = Deposit.__table__
document = Document.__table__
document_line = DocumentLine.__table__
document_tax = DocumentTax.__table__
document_version = DocumentVersion.__table__
draw = Draw.__table__
exchange_difference = ExchangeDifference.__table__
exchange_rate = ExchangeRate.__table__
history = History.__table__
import_file = ImportFile.__table__
import_row = ImportRow.__table__
invitation = Invitation.__table__
level = Level.__table__
move = Move.__table__
online_charge = OnlineCharge.__table__
online_payment = OnlinePayment.__table__
outstanding = Outstanding.__table__
paper_file = PaperFile.__table__
paper_template = PaperTemplate.__table__
party = Party.__table__
person = Person.__table__
person_role = PersonRole.__table__
place = Place.__table__
price = Price.__table__
price_book = PriceBook.__table__
product = Product.__table__
product_lock = ProductLock.__table__
product_name = ProductName.__table__
search_change = SearchChange.__table__
series_question = SeriesQuestion.__table__
tax = Tax.__table__
template_default = TemplateDefault.__table__
unsettled = Unsettled.__table__
value_difference = ValueDifference.__table__
waiting = Waiting.__table__
