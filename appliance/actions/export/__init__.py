"""The organization in Zulip's own export format, so that nobody is locked in.

`request` has what administrators can do; `whole.write` makes the file, of the tables that the other modules
know, one noun each. The format is that of `manage.py export` of a Zulip 10 server: a .tar.gz with one folder,
in it JSON files of tables (`{"zerver_stream": [{…}, …], …}`, times in Unix seconds). It was read off Zulip's
own exporter and importer. What we have otherwise than Zulip is made as Zulip has it (people.py, groups.py);
what we do not have is an empty table.

No key, token or password is in it: who imports it makes new ones, and has people set theirs.
"""
