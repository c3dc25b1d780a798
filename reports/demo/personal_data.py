"""A table of customers that is checked, periods of keeping, and one who asks to be forgotten."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from customers.actions import erasing, keeping, table_imports, table_jobs
from customers.models import CustomerFacts, ErasureReason, Kind, TableImport
from organisation.actions import jobs
from organisation.models import Person, Role
from reports.demo.company import Company
from reports.demo.customers import Client

HEAD = "客户编号,客户,类型,网点编码,等级,联系人,电话,电子邮箱,合同到期日,备注\n"
# One that is known already, two new ones, and three faults.
ROWS = (
    "00871,{known},,{branch},,,,,,\n"
    "00872,江南精密模具有限公司,企业,{branch},2A,周建国,13800009001,zhou@example.com,2027-06-30,\n"
    ",沈美华,个人,{branch},,,13800009002,,,\n"
    "00873,太湖茶叶有限公司,,无锡一部,,,,,,\n"
    "1.23E+11,太湖茶叶有限公司,,{branch},,,,,,\n"
    "00875,太湖茶叶有限公司,,{branch},,,51088880000,,,\n"
)


def keep(company: Company, clients: Sequence[Client], now: datetime) -> None:
    quality = company.who("HQ", Role.QUALITY_MANAGER)[0]
    keeping.keep(months={Kind.PERSON: 36, Kind.COMPANY: 60}, by=quality)
    # A job ends a little later than it begins, and nothing may lie in the future.
    _check(clients, quality, now - timedelta(minutes=5))
    busy = set(CustomerFacts.objects.exclude(open_complaints=0).values_list("pk", flat=True))
    quiet = (row.customer for row in clients if row.customer.kind == Kind.PERSON)
    asking = next((row for row in quiet if row.pk not in busy), None)
    if asking is not None:
        erasing.prepare(customer=asking, reason=ErasureReason.REQUEST, by=quality, now=now)


def _check(clients: Sequence[Client], by: Person, now: datetime) -> None:
    known = next(row for row in clients if row.customer.kind == Kind.COMPANY)
    rows = "".join(ROWS).format(known=known.customer.name, branch=known.site.branch.code)
    upload = SimpleUploadedFile("客户档案.csv", (HEAD + rows).encode())
    table_imports.upload(kind=TableImport.Kind.CUSTOMERS, upload=upload, by=by, now=now)
    jobs.run_due(runners=table_jobs.RUNNERS, now=now)
