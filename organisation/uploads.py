"""Large uploads on their way: where the disk is full, the words of the form still arrive (A-22)."""

from contextlib import suppress
from io import BufferedReader, RawIOBase
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from organisation.actions.files import is_full, no_room


class Nothing(RawIOBase):
    """The content of an upload that found no room: whoever reads it is told so."""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return 0

    def readinto(self, buffer: Any) -> int:
        raise no_room()


class SpoolHandler(TemporaryFileUploadHandler):
    """Django's own, which would answer a full disk with an error page and lose what was typed."""

    is_lost = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.is_lost = False
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self._lose(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.is_lost:
            return
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as error:
            self._lose(error)

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":
        if not self.is_lost:
            try:
                return super().file_complete(file_size)
            except OSError as error:
                self._lose(error)
        return UploadedFile(BufferedReader(Nothing()), self.file_name, self.content_type, file_size)

    def _lose(self, error: OSError) -> None:
        if not is_full(error):
            raise error
        self.is_lost = True
        if hasattr(self, "file"):
            with suppress(OSError):
                self.file.close()
