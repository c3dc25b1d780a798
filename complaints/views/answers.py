"""Answers that several views give."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch, reverse


class SeeOther(HttpResponseRedirect):
    """On to another page with GET: a reload there repeats nothing."""

    status_code = 303


def see(to: str, *arguments: Any, query: str = "") -> HttpResponse:
    """303 to a named page."""
    return SeeOther(resolve_url(to, *arguments) + query)


def address(name: str, *arguments: Any) -> str:
    """The address of a page of another room; empty where the room is not there."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
