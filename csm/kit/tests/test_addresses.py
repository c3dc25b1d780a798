"""Who asks, whatever headers say (B-17); and what a log hides (B-08)."""

from ipaddress import ip_network

import pytest

from csm.kit.addresses import client_address, network_of
from csm.kit.secrecy import hide_tokens

OURS = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]


@pytest.mark.parametrize(
    ("remote", "forwarded", "client"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "1.2.3.4", "203.0.113.7"),  # no proxy of ours: believed is the connection
        ("10.0.0.1", "198.51.100.9", "198.51.100.9"),
        ("10.0.0.1", "1.2.3.4, 198.51.100.9", "198.51.100.9"),  # the left one is made up
        ("10.0.0.1", "198.51.100.9, 10.0.0.2", "198.51.100.9"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("", "198.51.100.9", "198.51.100.9"),  # a proxy that speaks through a socket
        ("fd00::1", "2001:db8::5", "2001:db8::5"),
    ],
)
def test_b17_only_our_proxies_are_believed(remote: str, forwarded: str, client: str) -> None:
    assert client_address(remote, forwarded, OURS) == client


def test_without_proxies_nobody_is_believed() -> None:
    assert client_address("10.0.0.1", "198.51.100.9", []) == "10.0.0.1"
    assert client_address("", "198.51.100.9", []) == ""


def test_a_house_has_one_network() -> None:
    one, other = "2001:db8:1:2::3", "2001:db8:1:2:ffff::4"
    assert network_of(one) == network_of(other) == "2001:db8:1:2::/64"
    assert network_of("2001:db8:1:3::3") != network_of(one)
    assert network_of("203.0.113.7") == network_of("::ffff:203.0.113.7") == "203.0.113.7"
    assert network_of("") == network_of("x") == "unknown"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("GET /track/abc-_9/?new=1 HTTP/1.1", "GET /track/…/?new=1 HTTP/1.1"),
        ('"http://a.cn/s/abc" "x"', '"http://a.cn/s/…" "x"'),
        ("Not Found: /vote/abc/add/", "Not Found: /vote/…/add/"),
        ("GET /aware/abc-_9/", "GET /aware/…/"),
        ("/tracks/abc /complaints/s1/", "/tracks/abc /complaints/s1/"),
    ],
)
def test_b08_a_log_hides_tokens_and_nothing_else(text: str, hidden: str) -> None:
    assert hide_tokens(text) == hidden
