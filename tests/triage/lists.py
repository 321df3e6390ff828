"""Lists of orders as panels and people make them, with what is to be answered for each row."""
# ruff: noqa: E501, DTZ001  tables; a workbook knows no zones

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import xlsxwriter

TODAY = date(2026, 11, 23)
RESELLER: Mapping[str, str | bool] = {"program": "opensrs", "requester": "reseller"}
# A verdict with its last day, "? fact" for a question, "!" for a row that cannot be read.
Rows = Mapping[int, str]


@dataclass(frozen=True)
class Listed:
    """A list, what holds for all of it, and the answer for each line that is an order."""

    content: bytes
    rows: Rows
    facts: Mapping[str, str | bool] = field(default_factory=lambda: RESELLER)
    order: str | None = None


def workbook(sheets: Mapping[str, Sequence[Sequence[Any]]], merged: Sequence[tuple[str, str]] = ()) -> bytes:
    """Make a workbook; days are real ones, `=` begins a formula; `merged` are ranges of the last sheet."""
    octets = io.BytesIO()
    book = xlsxwriter.Workbook(octets, {"in_memory": True})
    day, moment = (book.add_format({"num_format": form}) for form in ("dd.mm.yyyy", "dd.mm.yyyy hh:mm"))
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                match cell:
                    case datetime():
                        sheet.write_datetime(row, column, cell, moment)
                    case date():
                        sheet.write_datetime(row, column, cell, day)
                    case _:
                        sheet.write(row, column, cell)
    for cells, text in merged:
        sheet.merge_range(cells, text)
    book.close()
    return octets.getvalue()


PANEL = (
    "\ufeff"
    '"Order ID","Supplier Order ID","Domain","Product","Status","Order Date","Issue Date","Amount"\r\n'
    '"7001","10493321","shop.example.com","Sectigo PositiveSSL","Completed","2026-11-02","2026-11-03 14:22:10","9.00"\r\n'
    '"7002","10493322","*.example.org","comodo_wildcard","In Progress","2026-11-20","","99.00"\r\n'
    '"7003","","EXAMPLE.net","True BusinessID with EV","Completed","2026-10-01","2026-10-24","199.00"\r\n'
    '"7004","10493324","old.example.com","RapidSSL (1 Year)","Completed","2026-01-01","2026-01-01","12.00"\r\n'
    '"7005","10493325","late.example.com","thawte SSL123 - 2 years","Completed","2026-10-20","2026-10-23","50.00"\r\n'
    '"7006","10493326","gone.example.com","PositiveSSL","Cancelled","2026-10-20","","0.00"\r\n'
    '"Total","","","","","","","369.00"\r\n'
)
GERMAN = (
    "Zertifikate der Müller GmbH\r\n"
    "Stand: 23.11.2026\r\n"
    "\r\n"
    "Bestellnr.;Domäne;Zertifikat;Zustand;Bestellt am;Ausgestellt am\r\n"
    "1;laden.example.de;PositiveSSL;ausgestellt;01.11.2026;03.11.2026\r\n"
    "2;müller.example.de;QuickSSL Premium;abgeschlossen;20.10.2026;24.10.2026\r\n"
    "3;neu.example.de;Thawte;in Bearbeitung;22.11.2026;\r\n"
    ";;;;;\r\n"
    "Summe;3;;;;\r\n"
)
AMERICAN = (
    "Domain Name\tSSL Type\tCompleted Date\tState\n"
    "a.example.com\tGeoTrust QuickSSL Premium Wildcard\t11/3/2026 2:22 PM\tcompleted\n"
    "b.example.com\tSecure Site Pro\t10/30/2026 9:05 AM\tcompleted\n"
    "Domain Name\tSSL Type\tCompleted Date\tState\n"
    "c.example.com\tTrustwave Premium SSL\t11/12/2026 12:00 AM\tcompleted\n"
    "d.example.com\tTrustwave Premium EV SSL\t1/2/2026 12:00 AM\tcompleted\n"
)
SPANISH = (
    "Dominio|Producto|Estado|Fecha de emisión\n"
    "uno.example.es|InstantSSL|emitido|3 de noviembre de 2026\n"
    "dos.example.es|EssentialSSL|completado|15 sept. 2026\n"
    "tres.example.es|Web Server SSL|pendiente|\n"
    "cuatro.example.es|PositiveSSL|emitido|3 de brumario de 2026\n"
)
FRENCH = (
    "Nom de domaine;Produit;Délivré le\r\n"
    "un.example.fr;Thawte SSL123;3 août 2026\r\n"
    "deux.example.fr;Sectigo (Comodo);1er novembre 2026\r\n"
    "trois.example.fr;Produit inconnu;2 novembre 2026\r\n"
)
TITLES = {
    "Cover": [["Report"], ["made for Rosa"]],
    "Notes": [["Please read"], [], ["Prices in USD"]],
    "Orders": [
        ["Orders of November"],
        [],
        ["Domain", "Product", "Issued", "Supplier order ID", "Paid"],
        ["a.example.com", "PositiveSSL", date(2026, 11, 3), 10493321, 9.5],
        ["b.example.com", "", datetime(2026, 10, 24, 23, 30), 10493322, 9.5],
        ["c.example.com", "", date(2026, 1, 3), 10493323, 9.5],
        ["d.example.com", "Secure Site", date(2026, 12, 24), 10493324, "=A1"],
        ["Total", "", "", 4, 38],
    ],
}
AS_TEXT = [
    ["CommonName", "SSL product", "fulfilled_on"],
    ["a.example.com", "PositiveSSL", "03/11/2026"],
    ["b.example.com", "PositiveSSL", "24/10/2026"],
    ["c.example.com", "PositiveSSL", date(2026, 11, 5)],
]
TRUSTICO = "Order,Site,Status\n1,a.example.com,issued\n2,b.example.com,pending\n3,c.example.com,\n"
OPEN_DAYS = (
    "domain,product,issued on\n"
    "a.example.com,PositiveSSL,03/04/2026\n"
    "b.example.com,PositiveSSL,05/06/2026\n"
    "c.example.com,PositiveSSL,07/07/2026\n"
    "d.example.com,PositiveSSL,2026-11-03\n"
    "e.example.com,Trustwave EV,03/04/2026\n"
)
SEVERAL_SELLERS = (
    "sep=;\r\n"
    "Bought from;Domain;Product;Status;Issued\r\n"
    'OpenSRS;"a.example.com";PositiveSSL;completed;2026-11-03\r\n'
    'Trustico;b.example.com;"PositiveSSL\r\n(two lines)";completed;2026-11-03\r\n'
    "Namecheap;c.example.com;PositiveSSL;completed;2026-11-03\r\n"
    ";d.example.com;PositiveSSL;completed;2026-11-03\r\n"
)
NAMELESS = (
    "shop.example.com,PositiveSSL,x1\nb.example.com,QuickSSL,x2\nc.example.com,Thawte SSL123,x3\n"
    "d.example.com,Secure Site,x4\n"
)
SPOILED = (
    "Domain,Vendor,Product,Status,Issued on\n"
    "a.example.com,Comodo,PositiveSSL,completed,31/02/2026\n"
    "b.example.com,Comodo,Wildcard, Inc,completed,03/11/2026\n"
    'c.example.com,Comodo,"PositiveSSL,completed,13/11/2026\n'
    "d.example.com,GeoTrust,Thawte SSL123,completed,03/11/2026\n"
    "e.example.com,Comodo,PositiveSSL,pending,03/11/2026\n"
    "f.example.com,Comodo,PositiveSSL,completed,24/12/2026\n"
    "g.example.com,Trustwave,Premium EV SSL,completed,soon\n"
    "h.example.com,Who knows,Something,pending,\n"
    "i.example.com,,,completed,03/11/2026\n"
)

PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset=windows-1252>
<title>Issued on</title><style>td { color: red }</style></head><body>
<table><tr><td><table border=1><caption>Orders</caption>
<tr><th>Order</th><th>Domain</th><th>Product</th><th>Kunde</th><th>Status</th><th>Issued on</th></tr>
<tr><td>0010</td><td>a.example.com</td><td rowspan=2>Positive&nbsp;SSL</td><td>M\xfcller &amp; S\xf6hne<br>GmbH</td><td>completed</td><td>2026-11-03</td></tr>
<tr><td>0011<td><a href="https://b.example.com/">b.example.com</a><td>x<td>completed<td>24.10.2026
<tr><td colspan=2>c.example.com</td><td>RapidSSL</td><td></td><td>completed</td><td>2026-11-03</td></tr>
<tr><td colspan=6>Total: 3 orders</td></tr></table></td></tr></table></body></html>"""
XML = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="Orders"><Table><Row><Cell><Data ss:Type="String">Domain</Data></Cell><Cell ss:Index="3"><Data
 ss:Type="String">Product</Data></Cell><Cell><Data ss:Type="String">Issued on</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">a.example.com</Data></Cell><Cell/><Cell><Data ss:Type="String">QuickSSL</Data></Cell>
<Cell><Data ss:Type="DateTime">2026-11-03T00:00:00.000</Data></Cell></Row></Table></Worksheet></Workbook>"""
COUNTED = (
    "Supplier order ID,Domain,Product,Issued on\n"
    "0010493321,a.example.com,PositiveSSL,46329\n"
    "1.04933E+10,b.example.com,PositiveSSL,46319.75\n"
    "10493323,c.example.com,PositiveSSL,99999\n"
)

LISTS: dict[str, Listed] = {
    "a page that is called a workbook": Listed(
        PAGE.encode("cp1252"),
        {3: "eligible 2026-12-03", 4: "eligible 2026-11-23", 5: "unstated"},
    ),
    "XML of an old Excel": Listed(XML.encode(), {2: "eligible 2026-12-03"}),
    "days as sheets count them": Listed(
        COUNTED.encode(), {2: "eligible 2026-12-03", 3: "eligible 2026-11-23", 4: "!"}
    ),
    "a panel's export, quoted, with a mark": Listed(
        PANEL.encode(),
        {
            2: "eligible 2026-12-03",
            3: "unstated",
            4: "eligible 2026-11-23",
            5: "unstated",
            6: "expired 2026-11-22",
            7: "! issued",
        },
    ),
    "German, as Windows writes it, with titles": Listed(
        GERMAN.encode("cp1252"), {5: "eligible 2026-12-03", 6: "eligible 2026-11-23", 7: "unstated"}
    ),
    "American, with tabs and a second header": Listed(
        AMERICAN.encode(),
        {2: "eligible 2026-12-03", 3: "eligible 2026-11-29", 5: "likely 2026-12-12", 6: "not_eligible"},
    ),
    "Spanish, in UTF-16, with months by name": Listed(
        SPANISH.encode("utf-16"), {2: "eligible 2026-12-03", 3: "expired 2026-10-15", 4: "unstated", 5: "!"}
    ),
    "French, without a status": Listed(
        FRENCH.encode(), {2: "expired 2026-09-02", 3: "eligible 2026-12-01", 4: "!"}
    ),
    "a workbook with covers, real days and merged cells": Listed(
        workbook(TITLES, [("B4:B6", "PositiveSSL")]),
        {4: "eligible 2026-12-03", 5: "eligible 2026-11-23", 6: "expired 2026-02-02", 7: "!"},
    ),
    "a workbook with days as text": Listed(
        workbook({"Sheet": AS_TEXT}),
        {2: "eligible 2026-12-03", 3: "eligible 2026-11-23", 4: "eligible 2026-12-05"},
    ),
    "of a partner of Trustico": Listed(
        TRUSTICO.encode(),
        {2: "not_eligible", 3: "unstated", 4: "? issued"},
        {"program": "trustico", "account": "partner", "subject": "certificate"},
    ),
    "the order of day and month is open": Listed(
        OPEN_DAYS.encode(),
        {
            2: "? fulfilled_on",
            3: "? fulfilled_on",
            4: "expired 2026-08-06",
            5: "eligible 2026-12-03",
            6: "not_eligible",
        },
    ),
    "the order of day and month is said": Listed(
        OPEN_DAYS.encode(),
        {
            2: "expired 2026-04-03",
            3: "expired 2026-06-05",
            4: "expired 2026-08-06",
            5: "eligible 2026-12-03",
            6: "not_eligible",
        },
        order="month-first",
    ),
    "of several sellers, as Excel is told": Listed(
        SEVERAL_SELLERS.encode(),
        {3: "eligible 2026-12-03", 4: "? account", 6: "unstated", 7: "eligible 2026-12-03"},
    ),
    "without names of columns": Listed(NAMELESS.encode(), dict.fromkeys((1, 2, 3, 4), "? issued")),
    "spoiled here and there": Listed(
        SPOILED.encode(),
        {
            2: "! Issued on",
            3: "!",
            4: "!",
            5: "!",
            6: "!",
            7: "! Issued on",
            8: "not_eligible",
            9: "unstated",
            10: "? provider",
        },
    ),
    "nothing is known of the whole list": Listed(
        AMERICAN.encode(), dict.fromkeys((2, 3, 5, 6), "? program"), {}
    ),
}
