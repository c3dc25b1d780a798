"""The printed page: A4, Chinese, masked, a QR code for staff, all from this server (U-16)."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pypdf
import pytest
import zxingcpp
from playwright.sync_api import Dialog, Page, Request
from pytest_django.live_server_helper import LiveServer

from complaints.actions.order_rows import Analysis, Proof
from complaints.factories import PLAN, ComplaintFactory, WorkOrderFactory
from complaints.models import WorkOrder
from csm.tests.browser.conftest import Company, SignIn
from csm.tests.word_files import texts_of
from customers.actions.customers import Caller
from customers.factories import CustomerFactory
from customers.models import Kind

PHONE = "13812348000"
A4 = (595, 842)  # points
POLYGLOTS = (
    "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=alert(1)//--!><sVg/oNloAd=alert(1)",
    "\"><img src=http://canary.invalid/x onerror=alert(1)>",
    "'><script src=//canary.invalid/x></script>",
    "<svg><image href='file:///etc/passwd'/></svg><iframe src=file:///etc/passwd>",
    "</style><style>@import 'http://canary.invalid/x';</style>",
    "{{ constructor.constructor('alert(1)')() }}{% include '/etc/passwd' %}",
)  # fmt: skip

CAUSE = "\n".join(("换车流程只要求系统改派。", *POLYGLOTS))
PROOF = (Proof("witness", POLYGLOTS[1]),)


@pytest.fixture
def order(company: Company) -> WorkOrder:
    """A long one, in which the customer and the filler wrote what should not run."""
    complaint = ComplaintFactory.create(
        until="handling",
        branch=company.tree.branch,
        handler=company.people["handler"],
        subject="换车未告知，产线停工",
        description="\n".join(POLYGLOTS),
        customer=CustomerFactory.create(
            name="徐州矿山装备", kind=Kind.COMPANY, home_branch=company.tree.branch
        ),
        caller=Caller("刘大伟", PHONE),
    )
    return WorkOrderFactory.create(
        complaint=complaint,
        until="confirmed",
        filler=company.people["handler"],
        quality=company.people["quality"],
        causes=(
            Analysis("process", "换车流程只要求系统改派。\n" + "\n".join(POLYGLOTS), (), PROOF),
        ),
        plan=[replace(each, text=each.text * 100) for each in PLAN],
    )


@pytest.fixture
def strict() -> Callable[[Page], list[str]]:
    """Opens ears: what a page asks for beyond this server, says aloud, or is refused."""

    def watch(page: Page) -> list[str]:
        heard: list[str] = []
        host = page.url.split("/")[2]

        def ask(request: Request) -> None:
            if request.url.split("/")[2] != host and not request.url.startswith("data:"):
                heard.append(request.url)

        def answer(dialog: Dialog) -> None:
            heard.append(dialog.message)
            dialog.dismiss()

        page.on("request", ask)
        page.on("dialog", answer)
        page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
        return heard

    return watch


def sizes_of(paper: bytes) -> set[tuple[int, int]]:
    boxes = [sheet.mediabox for sheet in pypdf.PdfReader(io.BytesIO(paper)).pages]
    return {(round(box.width), round(box.height)) for box in boxes}


def qr_in(page: Page) -> str:
    """What a camera reads in the code of the page, drawn on a canvas point by point."""
    width, grey = page.evaluate(
        """async () => {
          const svg = document.querySelector(".paper-qr svg").cloneNode(true), width = 400;
          svg.setAttribute("width", width); svg.setAttribute("height", width);
          const image = new Image();
          const text = new XMLSerializer().serializeToString(svg);
          image.src = "data:image/svg+xml," + encodeURIComponent(text);
          await image.decode();
          const canvas = Object.assign(document.createElement("canvas"), { width, height: width });
          const drawing = canvas.getContext("2d");
          drawing.fillStyle = "#fff"; drawing.fillRect(0, 0, width, width);
          drawing.drawImage(image, 0, 0, width, width);
          const points = drawing.getImageData(0, 0, width, width).data;
          return [width, Array.from({ length: width * width }, (_, n) => points[4 * n])];
        }"""
    )
    picture: Any = memoryview(bytes(grey)).cast("B", shape=[width, width])
    [code] = zxingcpp.read_barcodes(picture)
    return code.text


@pytest.mark.parametrize("what", ["order", "complaint"])
def test_u16_b05_b11_a_printed_page(
    what: str,
    company: Company,
    order: WorkOrder,
    sign_in: SignIn,
    strict: Callable[[Page], list[str]],
    live_server: LiveServer,
    settings: Any,
) -> None:
    settings.BASE_URL = "https://csm.example.com"
    complaint = order.links.get().complaint
    path = f"/work-orders/{order.pk}/" if what == "order" else f"/complaints/{complaint.number}/"
    page = sign_in("quality", locale="zh-CN")
    heard = strict(page)
    page.goto(path)
    page.click("text=打印")
    page.wait_for_url(f"{live_server.url}{path}print/")
    address = qr_in(page)
    paper = page.pdf(prefer_css_page_size=True)
    assert heard == []
    assert address == f"https://csm.example.com{path}"
    texts = texts_of(paper)
    text = "\n".join(texts)
    assert len(texts) > 1
    assert sizes_of(paper) == {A4}
    number = order.number if what == "order" else complaint.number
    for place, sheet in enumerate(texts, 1):
        assert f"第 {place} 页，共 {len(texts)} 页" in sheet
        assert str(number) in sheet
        assert "林静怡" in sheet
    for words in ("徐州矿山装备", "138****8000", "刘**", "换车流程只要求系统改派", "签字 / 日期"):
        assert words in text
    assert PHONE not in text
    assert "csrf" not in text
    assert "token" not in text.lower()
    assert POLYGLOTS[1] in text.replace("\n", "")
