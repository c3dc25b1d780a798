"""What an import says of a file that cannot be read at all."""

from csm.kit.errors import Refused


class Unreadable(Refused):
    """Nothing of it can be read: the file, or its profile. Nothing was changed."""

    code = "unreadable"
