"""Whose request it is, as far as the network says (ASVS 15.3.4)."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
# Who has one address of version 6 has as many as they like.
OF_ONE_HOUSE = 64


def client_address(remote: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """The nearest address that no proxy of ours has.

    `remote` is the connection's own, `forwarded` the header X-Forwarded-For: each of our proxies
    appends whom it heard, and what stands left of the first stranger can be made up.
    """
    address = remote
    for said in reversed([each.strip() for each in forwarded.split(",")]):
        if not _is_ours(address, trusted) or not _is_address(said):
            break
        address = said
    return address


def network_of(address: str) -> str:
    """What counts as one visitor: an address of version 4, a house of version 6."""
    if not _is_address(address):
        return "unknown"
    found = ip_address(address)
    if found.version == 4:
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ip_network((found, OF_ONE_HOUSE), strict=False))


def _is_ours(address: str, trusted: Sequence[Network]) -> bool:
    """A proxy on the same machine may speak through a socket, which has no address."""
    if not _is_address(address):
        return address == "" and bool(trusted)
    return any(ip_address(address) in network for network in trusted)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
