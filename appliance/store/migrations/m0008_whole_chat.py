"""What the rest of the chat keeps: files, invitations, profile fields, widgets, rights in channels."""

import apsw

SCHEMA = """
-- `permissions`: JSON, by name of a channel permission (model/group.py), where it is not the default.
ALTER TABLE channel ADD COLUMN permissions TEXT NOT NULL DEFAULT '{}';
ALTER TABLE channel ADD COLUMN message_retention_days INTEGER;  -- NULL: as the organization's; -1: for ever
ALTER TABLE channel ADD COLUMN weekly_traffic INTEGER;          -- messages; NULL: too young to tell
ALTER TABLE channel ADD COLUMN is_recently_active INTEGER NOT NULL DEFAULT 1;

-- `public_email`: the address that others see; NULL: the one that mails go to.
ALTER TABLE user ADD COLUMN public_email TEXT;
ALTER TABLE user ADD COLUMN full_member INTEGER NOT NULL DEFAULT 1;  -- 0: too new
ALTER TABLE user ADD COLUMN avatar_version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE user ADD COLUMN avatar_file TEXT;  -- below the folder of pictures; NULL: drawn initials

-- New addresses that wait for a click in the mail that was sent there. Tokens are kept as SHA-256.
CREATE TABLE email_change(
  token_hash BLOB PRIMARY KEY,
  user_id INTEGER NOT NULL,
  email TEXT NOT NULL,
  expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a message contains, for narrows with "has".
ALTER TABLE message ADD COLUMN has_attachment INTEGER NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN has_image INTEGER NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN has_link INTEGER NOT NULL DEFAULT 0;

-- Votes, options and tasks of a widget; the first one, of the message's sender, says which widget it is.
CREATE TABLE submessage(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  message_id INTEGER NOT NULL,
  sender_id INTEGER NOT NULL,
  msg_type TEXT NOT NULL,
  content TEXT NOT NULL
) STRICT;
CREATE INDEX submessage_message ON submessage(message_id);

-- Uploaded files. `path_id`: part of the address, with a secret of its own; the file lies below the uploads.
CREATE TABLE attachment(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  path_id TEXT NOT NULL UNIQUE,
  owner_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size INTEGER NOT NULL,               -- bytes
  created INTEGER NOT NULL,            -- milliseconds
  width INTEGER,                       -- pixels of an image that thumbnails can be made of; NULL: none
  height INTEGER,
  moves INTEGER NOT NULL DEFAULT 0     -- it is an animation
) STRICT;
CREATE INDEX attachment_owner ON attachment(owner_id, id);
CREATE INDEX attachment_size ON attachment(size);  -- what all take is added up of this
CREATE TABLE attachment_message(
  attachment_id INTEGER NOT NULL,
  message_id INTEGER NOT NULL,
  PRIMARY KEY (message_id, attachment_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX attachment_message_attachment ON attachment_message(attachment_id);

-- When presences change they get the next number: clients ask for what came after the last that they know.
ALTER TABLE presence ADD COLUMN update_id INTEGER NOT NULL DEFAULT 0;
CREATE TABLE presence_update(last INTEGER NOT NULL) STRICT;
INSERT INTO presence_update VALUES (0);

CREATE TABLE realm_emoji(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  file TEXT NOT NULL,                  -- below the folder of pictures
  still_file TEXT,                     -- the first picture of one that moves
  author_id INTEGER NOT NULL,
  deactivated INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX realm_emoji_name ON realm_emoji(name) WHERE NOT deactivated;

CREATE TABLE linkifier(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  pattern TEXT NOT NULL UNIQUE,
  url_template TEXT NOT NULL,
  position INTEGER NOT NULL
) STRICT;
CREATE INDEX linkifier_position ON linkifier(position);

CREATE TABLE playground(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  pygments_language TEXT NOT NULL,
  url_template TEXT NOT NULL,
  UNIQUE (pygments_language, name)
) STRICT;

CREATE TABLE realm_domain(
  domain TEXT PRIMARY KEY,
  allow_subdomains INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE profile_field(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  type INTEGER NOT NULL,               -- model/profile.py
  name TEXT NOT NULL UNIQUE,
  hint TEXT NOT NULL,
  data TEXT NOT NULL,                  -- JSON in text, as clients send it; '': none
  position INTEGER NOT NULL,
  display_in_profile_summary INTEGER NOT NULL,
  required INTEGER NOT NULL,
  editable_by_user INTEGER NOT NULL
) STRICT;
CREATE TABLE profile_value(
  user_id INTEGER NOT NULL,
  field_id INTEGER NOT NULL,
  value TEXT NOT NULL,                 -- as clients see it
  rendered_value TEXT,                 -- HTML, of text alone
  PRIMARY KEY (user_id, field_id)
) STRICT, WITHOUT ROWID;

-- Of one person, or (`email` NULL) a link for whoever has it. Tokens are kept as SHA-256.
CREATE TABLE invitation(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  email TEXT COLLATE NOCASE,
  token_hash BLOB NOT NULL UNIQUE,
  token TEXT,                          -- of a link, which can be looked up again; NULL: of one person
  link_id INTEGER,                     -- whose holder asked for it; 0: somebody without one; NULL: nobody did
  inviter_id INTEGER,                  -- NULL: nobody
  invited_as INTEGER NOT NULL,         -- a role
  created INTEGER NOT NULL,            -- seconds
  expires INTEGER,                     -- NULL: never
  status INTEGER NOT NULL DEFAULT 0,   -- 0 open, 1 used, 2 revoked
  defaults INTEGER NOT NULL,           -- also the default channels
  channel_ids TEXT NOT NULL,           -- JSON
  group_ids TEXT NOT NULL DEFAULT '[]',
  notify_referrer INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX invitation_email ON invitation(email) WHERE email IS NOT NULL;

CREATE TABLE bot_storage(
  bot_id INTEGER NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (bot_id, key)
) STRICT, WITHOUT ROWID;
"""


def migrate(connection: apsw.Connection) -> None:
    connection.execute(SCHEMA)
