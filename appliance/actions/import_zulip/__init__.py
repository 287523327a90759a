"""An organization of a Zulip server, out of the archive that `manage.py export` (or ours) has made of it.

`whole.read` does it, with the other modules, one noun each. Everything is put into a new database file, which
takes its place when all of it is there: until then nothing has happened, whatever ends the process.

Ids of people, channels, messages and groups stay what they were, and so do the messages' HTML (cleaned) and
the addresses of files: links between messages, bookmarks and mentions go on to work. Keys, passwords and
tokens are in no archive; people get new ones. What is in it that this server has no place for is counted
(notes.py), not an error; an archive that contradicts itself is one, and names the file and the row.
"""
