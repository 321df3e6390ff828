"""Several orders in one message: what is said of each, and what is left to ask."""

from __future__ import annotations

from datetime import date

import pytest

from bot.reading.sentences import read
from bot.reading.several_orders import read_orders
from policy import Policy

TODAY = date(2026, 11, 23)
A, B, C = "a.example.com", "b.example.com", "c.example.com"

# the message, and for each order its name with what is said of it: provider, level, day, whether it is issued
SAID: list[tuple[str, list[str]]] = [
    (
        f"cancel PositiveSSL for {A}, issued 3 Nov, and GeoTrust for {B}, issued 10 Nov",
        [f"{A}: sectigo 2026-11-03 True", f"{B}: geotrust 2026-11-10 True"],
    ),
    (
        f"{A} is a RapidSSL issued 3 Nov 2026; {B} is a PositiveSSL issued 10 Nov 2026",
        [f"{A}: other 2026-11-03 True", f"{B}: sectigo 2026-11-10 True"],
    ),
    (
        f"PositiveSSL {A} issued 3 Nov; PositiveSSL {B} issued 9 Nov; GeoTrust {C} issued 12 Nov",
        [f"{A}: sectigo 2026-11-03 True", f"{B}: sectigo 2026-11-09 True", f"{C}: geotrust 2026-11-12 True"],
    ),
    (f"{A} (Sectigo, issued) and {B} (Thawte, pending)", [f"{A}: sectigo True", f"{B}: thawte False"]),
    # said of all: before the first, or of all at once
    (
        f"PositiveSSL orders: {A} issued 3 Nov, {B} issued 10 Nov",
        [f"{A}: sectigo dv 2026-11-03 True", f"{B}: sectigo dv 2026-11-10 True"],
    ),
    (
        f"cancel {A} and {B}, both PositiveSSL issued 3 Nov",
        [f"{A}: sectigo dv 2026-11-03 True", f"{B}: sectigo dv 2026-11-03 True"],
    ),
    # said of one, or it is not clear of which
    (f"{A} is GeoTrust, {B} we do not need either", [f"{A}:", f"{B}:"]),
    (f"PositiveSSL and GeoTrust for {A} and {B}", [f"{A}:", f"{B}:"]),
    (f"PositiveSSL {A} and {B} and GeoTrust {C}", [f"{A}:", f"{B}:", f"{C}:"]),
    (f"{A} 03/04/2026 PositiveSSL, {B} issued 10 Nov GeoTrust", [f"{A}: sectigo", f"{B}: geotrust"]),
    # one order, or nobody can tell which
    (f"PositiveSSL for {A}, issued 3 Nov", []),
    (f"PositiveSSL for {A}, GeoTrust for {B}, and once more {A}", []),
    (f"cancel {A}, not {B}, PositiveSSL", []),
    # told apart by their numbers
    (
        "supplier order 1234567890 is PositiveSSL, supplier order 1234567891 is GeoTrust, refund both",
        ["1234567890: sectigo", "1234567891: geotrust"],
    ),
]


@pytest.mark.parametrize(("text", "orders"), SAID)
def test_what_is_said_of_each_order(shipped: Policy, text: str, orders: list[str]) -> None:
    found = read_orders(shipped, read(shipped, text, TODAY))
    shown = [
        " ".join(
            [f"{order.name}:"]
            + [
                str(value)
                for fact in ("provider", "validation", "fulfilled_on", "issued")
                for key, value in order.facts.items()
                if key == fact
            ]
        )
        for order in found
    ]
    assert shown == orders


def test_each_order_has_its_own_details(shipped: Policy) -> None:
    text = f"{A} (supplier order ID 1234567890) and {B} (supplier order ID 1234567891), PositiveSSL"
    found = read_orders(shipped, read(shipped, text, TODAY))
    assert [dict(order.details) for order in found] == [
        {"common_name": A, "supplier_order_id": "1234567890"},
        {"common_name": B, "supplier_order_id": "1234567891"},
    ]
