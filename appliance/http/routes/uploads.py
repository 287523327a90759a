"""Files of messages: uploading them, one's own, and addresses that open one for a minute."""

from appliance.actions.file import attachment as actions
from appliance.actions.file import upload as upload_actions
from appliance.base.errors import ApiError
from appliance.http.endpoint import Answer, Call, delete, get, upload
from appliance.http.uploads import received
from appliance.model import attachment as model


@upload(
    "/user_uploads",
    tells="attachment/add",
    differs="the address has ASCII letters only, whatever the file is called: `filename` says that",
)
def add(call: Call) -> Answer:
    """A file, as the only one of a multipart body, whatever the name of its part."""
    services = call.services
    with received(call.environ, services.store.uploads, services.server.max_file_upload_size_mib) as (
        file,
        _,
    ):
        quota = services.server.upload_quota_mib
        added = upload_actions.add(services.store, call.user, file, quota)
    return {"url": added.url, "uri": added.url, "filename": added.name}


@get(
    "/user_uploads/<realm_id:int>/<filename:path>",
    who="who may read the file",
    differs="404 for a file that one may not read",
)
def temporary_url(call: Call, *, realm_id: int, filename: str) -> Answer:
    """An address that opens a file for 60 seconds, for whoever has it."""
    path_id = f"{realm_id}/{filename}"
    if actions.find(call.services.store, call.user, path_id) is None:
        raise NoSuchFile
    expires = int(call.services.clock.now()) + model.LINK_LIFETIME
    key = model.sign(call.services.secret, path_id, expires)
    return {"url": f"{model.ROUTE}/temporary/{key}/{path_id}"}


@get("/attachments")
def listed(call: Call) -> Answer:
    """One's own files, the newest first, with the messages that link to them."""
    return actions.listing(call.services.store, call.user)


@delete("/attachments/<attachment_id:int>", tells="attachment/remove")
def remove(call: Call, *, attachment_id: int) -> Answer:
    """One of one's own files goes; messages that link to it stay."""
    actions.remove(call.services.store, call.user, attachment_id)
    return {}


class NoSuchFile(ApiError):
    status = 404

    def __init__(self) -> None:
        super().__init__("File not found.")
