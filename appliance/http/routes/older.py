"""Older addresses of routes, which libraries still call."""

from appliance.http.endpoint import delete, patch
from appliance.http.routes import settings, user_groups
from appliance.model.setting import USER_SETTINGS

for _path in ("/settings/display", "/settings/notifications"):
    patch(_path, reads=USER_SETTINGS, tells="user_settings/update", differs="older: `PATCH /settings`")(
        settings.change
    )

delete(
    "/user_groups/<group_id:int>",
    who="whom the group's `can_manage_group` and the organization's permissions name",
    tells="user_group/update user_group/remove",
    differs="older: `POST /user_groups/{group_id}/deactivate`",
)(user_groups.deactivate)
