"""What every room's part of the REST API shares: errors, input, pages, the schema."""

from csm.api.errors import exception_handler

__all__ = ["exception_handler"]
