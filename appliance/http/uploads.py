"""Files that come with a request, as one part of a multipart body, whatever its name.

with received(environ, uploads, 25) as (file, fields):
    uploads.keep(file.path, …)
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from appliance.base.errors import ApiError
from appliance.http.form import Fields
from appliance.http.multipart import Part, boundary_of, parts
from appliance.store.uploads import Received, Uploads

MULTIPART = "multipart/form-data"
NO_FILE = "There is no file in the request."


@contextmanager
def received(
    environ: dict[str, Any], uploads: Uploads, most_mib: int
) -> Iterator[tuple[Received, dict[str, str]]]:
    """The one file of a request, which goes when the `with` ends unless it is kept, and the texts that came
    with it. Raises ApiError, StorageError."""
    content_type = environ.get("CONTENT_TYPE", "")
    if content_type.partition(";")[0].strip().lower() != MULTIPART:
        raise ApiError(NO_FILE)
    fields = Fields()
    coming = parts(environ["wsgi.input"], boundary_of(content_type))
    part = _next_file(coming, fields)
    if part is None:
        raise ApiError(NO_FILE)
    with uploads.receive(_bounded(part, most_mib)) as path:
        if _next_file(coming, fields) is not None:
            raise ApiError("Send one file at a time.")
        yield Received(path, path.stat().st_size, part.filename or "", part.content_type), fields


def _next_file(coming: Iterator[Part], fields: Fields) -> Part | None:
    """The fields before it are kept. A form in which no file was chosen sends one without a name."""
    for part in coming:
        if part.filename is None:
            fields.take(part)
        elif part.filename:
            return part
    return None


def _bounded(part: Part, most_mib: int) -> Iterator[bytes]:
    left = most_mib << 20
    for chunk in part:
        left -= len(chunk)
        if left < 0:
            raise FileTooLarge(most_mib)
        yield chunk


class FileTooLarge(ApiError):
    def __init__(self, most_mib: int) -> None:
        super().__init__(f"The file is too large (limit: {most_mib} MiB)")
