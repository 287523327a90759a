"""What holds in every data folder, whatever has happened to it: rows refer to rows that are there, what is
kept twice says the same, and files and rows agree."""

from pathlib import Path

from appliance.model import realm_picture
from appliance.model.public_picture import medium
from appliance.store import realm as realms
from appliance.store.connection import READER, Reader, connect
from appliance.store.store import FILE_NAME
from appliance.store.uploads import Uploads

ANY_MESSAGE = "(SELECT id FROM message UNION ALL SELECT id FROM archived_message)"
# Columns whose ids are those of rows in another table, or NULL. A message may have been deleted.
REFERENCES = {
    "user": "user.bot_owner_id conversation_member.user_id channel.creator_id subscription.user_id"
    " message.sender_id user_message.user_id presence.user_id missed_mail.user_id user_topic.user_id"
    " muted_user.user_id muted_user.muted_user_id reaction.user_id user_group.creator_id"
    " user_group_member.user_id archived_message.deleted_by device.user_id session.user_id login_link.user_id"
    " idempotency.user_id"
    " bot_service.bot_id bot_storage.bot_id user_status.user_id alert_word.user_id saved_snippet.user_id"
    " draft.user_id scheduled_message.sender_id submessage.sender_id attachment.owner_id"
    " realm_emoji.author_id profile_value.user_id invitation.inviter_id realm_export.requested_by",
    "recipient": "conversation_member.recipient_id channel.recipient_id message.recipient_id",
    "channel": "recipient.channel_id subscription.channel_id user_topic.channel_id",
    "message": "user_message.message_id unread.message_id channel.first_message_id search_pending.message_id",
    ANY_MESSAGE: "reaction.message_id submessage.message_id attachment_message.message_id",
    "user_group": "user_group_member.group_id user_group_subgroup.group_id",
    "attachment": "attachment_message.attachment_id",
    "profile_field": "profile_value.field_id",
}
UNREAD = "SELECT user_id, message_id FROM user_message WHERE flags & 1 = 0"
SORTED_IN = f"{UNREAD} AND message_id <= (SELECT message_id FROM unread_position)"
INDEXED = (
    "SELECT id FROM message WHERE id <= (SELECT message_id FROM search_position)"
    " AND id NOT IN (SELECT message_id FROM search_pending)"
)
IN_INDEX = "SELECT id FROM message_words_docsize"
# Each finds what must not be.
QUERIES = {
    "unread, but not in the index of that": f"{SORTED_IN} EXCEPT SELECT user_id, message_id FROM unread",
    "in the index of what is unread, but read": f"SELECT user_id, message_id FROM unread EXCEPT {SORTED_IN}",
    "not in the index of words": f"{INDEXED} EXCEPT {IN_INDEX}",
    "in the index of words, but gone": f"{IN_INDEX} EXCEPT {INDEXED}",
    "a first message that is not": "SELECT id, first_message_id FROM channel WHERE first_message_id IS NOT"
    " (SELECT min(id) FROM message WHERE message.recipient_id = channel.recipient_id)",
    "members that are not those": "SELECT recipient.id FROM recipient WHERE member_ids IS NOT NULL"
    " AND member_ids IS NOT (SELECT group_concat(user_id) FROM (SELECT user_id FROM conversation_member"
    " WHERE recipient_id = recipient.id ORDER BY user_id))",
    "in a conversation of others": "SELECT user_message.user_id, message_id FROM user_message"
    " JOIN message ON message.id = message_id JOIN recipient ON recipient.id = recipient_id"
    " WHERE member_ids IS NOT NULL AND NOT EXISTS (SELECT 1 FROM conversation_member"
    " WHERE user_id = user_message.user_id AND recipient_id = recipient.id)",
    "a conversation that one does not have": "SELECT message.id, conversation_member.user_id FROM message"
    " JOIN conversation_member USING (recipient_id) WHERE NOT EXISTS (SELECT 1 FROM user_message"
    " WHERE message_id = message.id AND user_message.user_id = conversation_member.user_id)",
    "unread where one is not": f"SELECT own.* FROM ({UNREAD}) own JOIN message ON message.id = message_id"
    " JOIN channel USING (recipient_id) JOIN user ON user.id = user_id WHERE bot_type IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM subscription WHERE channel_id = channel.id AND user_id = own.user_id AND active)",
    "a private channel of nobody": "SELECT id FROM channel WHERE invite_only AND NOT is_archived"
    " AND NOT EXISTS (SELECT 1 FROM subscription WHERE channel_id = channel.id AND active)",
    "a default channel that is none": "SELECT id FROM channel"
    " WHERE is_default AND (invite_only OR is_archived)",
    "a file that the message is not said to have": "SELECT id FROM message WHERE NOT has_attachment"
    " AND id IN (SELECT message_id FROM attachment_message)",
    "a reaction with no emoji": "SELECT id FROM reaction WHERE reaction_type = 'realm_emoji'"
    " AND CAST(emoji_code AS INTEGER) NOT IN (SELECT id FROM realm_emoji)",
    "nobody owns it": "SELECT 'owner' WHERE EXISTS (SELECT 1 FROM user WHERE NOT is_system)"
    " AND NOT EXISTS (SELECT 1 FROM user WHERE role = 100 AND is_active AND bot_type IS NULL)",
    "an account with an invitation": "SELECT invitation.id FROM invitation"
    " JOIN user ON email = delivery_email WHERE status = 0 AND is_active AND date_joined > created",
}


def broken(folder: Path, *, orphans: bool = False) -> list[str]:
    """What does not hold in a data folder. `orphans`: after a crash there may be files that no row names."""
    reader = Reader(connect(folder / FILE_NAME, READER))
    reader.begin()
    try:
        return [*_lost(reader), *_contradictions(reader), *_files(reader, folder, orphans)]
    finally:
        reader.end()
        reader.close()


def _lost(reader: Reader) -> list[str]:
    return [
        f"{column}: no {table} {lost}"
        for table, columns in REFERENCES.items()
        for column in columns.split()
        for lost in _missing(reader, table, *column.split("."))
    ]


def _missing(reader: Reader, table: str, holder: str, column: str) -> list[int]:
    there = f"{column} IS NULL OR {column} IN (SELECT id FROM {table})"
    sql = f"SELECT {column} FROM {holder} WHERE NOT ({there})"
    return [lost for (lost,) in reader.rows(sql)]


def _contradictions(reader: Reader) -> list[str]:
    return [f"{name}: {row}" for name, sql in QUERIES.items() for row in reader.rows(sql)]


def _files(reader: Reader, folder: Path, orphans: bool) -> list[str]:
    """Of messages with their sizes; of pictures that everybody sees, without."""
    uploads = Uploads(folder)
    sizes: dict[str, int] = dict(reader.rows("SELECT path_id, size FROM attachment"))
    wrong = [f"the file {each}" for each, size in sizes.items() if _size(uploads.file(each)) != size]
    pictures = _pictures(reader)
    wrong += [f"no picture {each}" for each in pictures if not uploads.avatar(each).is_file()]
    if not orphans:
        wrong += [f"nobody's: {each}" for each in _beside(uploads.file(""), set(sizes))]
        known = pictures | {medium(each) for each in pictures}
        wrong += [f"nobody's: {each}" for each in _beside(uploads.avatar(""), known)]
    return wrong


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None


def _pictures(reader: Reader) -> set[str]:
    settings = realms.get(reader).settings
    named = {settings.get(realm_picture.key(each)) for each in realm_picture.PLACES}
    columns = ("file FROM realm_emoji", "still_file FROM realm_emoji", "avatar_file FROM user")
    rows = [row for each in columns for row in reader.rows(f"SELECT {each}")]
    return {path for path in (*named, *(path for (path,) in rows)) if path}


def _beside(root: Path, known: set[str]) -> list[str]:
    there = [each.relative_to(root).as_posix() for each in root.rglob("*") if each.is_file()]
    return [each for each in there if each not in known]
