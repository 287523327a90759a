"""The table of decisions: what Ann is told of a message, by mail and by push.

Columns: what it is | what it is to her | the sets of the notice that she is in | where she is | why she is
mailed | why she is pushed. A reason in brackets: only if she misses it; "-": she is not told.

Sets: `c:` every message of the channel, `f:` of a followed topic, `@all` and `@topic` mentions of that kind,
`-mail` and `-push` what she has turned off, `online` she wants pushes always, `told` mentioned before it,
`out` she has left the channel.
She is away (no client connected), idle (one is, but she does nothing) or here (neither).
"""

TABLE = """
# to people
direct  |                  |                                          | away | direct     | direct
direct  |                  | -mail                                    | away | -          | direct
direct  |                  | -push                                    | away | direct     | -
direct  |                  | -mail -push                              | away | -          | -
direct  |                  | online                                   | away | direct     | direct
direct  |                  | online -mail                             | away | -          | direct
direct  |                  | online -push                             | away | direct     | -
direct  |                  | online -mail -push                       | away | -          | -
direct  |                  |                                          | idle | direct     | direct
direct  |                  | -mail                                    | idle | -          | direct
direct  |                  | -push                                    | idle | direct     | -
direct  |                  | -mail -push                              | idle | -          | -
direct  |                  | online                                   | idle | direct     | direct
direct  |                  | online -mail                             | idle | -          | direct
direct  |                  | online -push                             | idle | direct     | -
direct  |                  | online -mail -push                       | idle | -          | -
direct  |                  |                                          | here | (direct)   | (direct)
direct  |                  | -mail                                    | here | -          | (direct)
direct  |                  | -push                                    | here | (direct)   | -
direct  |                  | -mail -push                              | here | -          | -
direct  |                  | online                                   | here | (direct)   | direct
direct  |                  | online -mail                             | here | -          | direct
direct  |                  | online -push                             | here | (direct)   | -
direct  |                  | online -mail -push                       | here | -          | -
direct  | @Ann             |                                          | away | direct     | direct
direct  | read             |                                          | away | direct     | direct
direct  | @all @topic      |                                          | away | direct     | direct
# by name or group
channel | @Ann             |                                          | away | mention    | mention
channel | @Ann             | -mail                                    | away | -          | mention
channel | @Ann             | -push                                    | away | mention    | -
channel | @Ann             | -mail -push                              | away | -          | -
channel | @Ann             | online                                   | away | mention    | mention
channel | @Ann             | online -mail                             | away | -          | mention
channel | @Ann             | online -push                             | away | mention    | -
channel | @Ann             | online -mail -push                       | away | -          | -
channel | @Ann             |                                          | idle | mention    | mention
channel | @Ann             | -mail                                    | idle | -          | mention
channel | @Ann             | -push                                    | idle | mention    | -
channel | @Ann             | -mail -push                              | idle | -          | -
channel | @Ann             | online                                   | idle | mention    | mention
channel | @Ann             | online -mail                             | idle | -          | mention
channel | @Ann             | online -push                             | idle | mention    | -
channel | @Ann             | online -mail -push                       | idle | -          | -
channel | @Ann             |                                          | here | (mention)  | (mention)
channel | @Ann             | -mail                                    | here | -          | (mention)
channel | @Ann             | -push                                    | here | (mention)  | -
channel | @Ann             | -mail -push                              | here | -          | -
channel | @Ann             | online                                   | here | (mention)  | mention
channel | @Ann             | online -mail                             | here | -          | mention
channel | @Ann             | online -push                             | here | (mention)  | -
channel | @Ann             | online -mail -push                       | here | -          | -
# everybody, and everybody in the topic
channel | @all             | @all                                     | away | @all       | @all
channel | @all             | @all                                     | idle | @all       | @all
channel | @all             | @all                                     | here | (@all)     | (@all)
channel | @all             | @all online                              | here | (@all)     | @all
channel | @all             | @all -mail                               | away | -          | @all
channel | @all             | @all -push                               | away | @all       | -
channel | @all             | @all -mail -push online                  | idle | -          | -
channel | @all             | f:@all                                   | away | f:@all     | f:@all
channel | @all             | f:@all                                   | idle | f:@all     | f:@all
channel | @all             | f:@all                                   | here | (f:@all)   | (f:@all)
channel | @all             | f:@all online                            | here | (f:@all)   | f:@all
channel | @all             | f:@all -mail                             | away | -          | f:@all
channel | @all             | f:@all -push                             | away | f:@all     | -
channel | @all             | f:@all -mail -push online                | idle | -          | -
channel | @all             |                                          | away | -          | -
channel |                  | @all f:@all                              | away | -          | -
channel | @topic           | @topic                                   | away | @topic     | @topic
channel | @topic           | @topic                                   | idle | @topic     | @topic
channel | @topic           | @topic                                   | here | (@topic)   | (@topic)
channel | @topic           | @topic online                            | here | (@topic)   | @topic
channel | @topic           | @topic -mail                             | away | -          | @topic
channel | @topic           | @topic -push                             | away | @topic     | -
channel | @topic           | @topic -mail -push online                | idle | -          | -
channel | @topic           | f:@topic                                 | away | f:@topic   | f:@topic
channel | @topic           | f:@topic                                 | idle | f:@topic   | f:@topic
channel | @topic           | f:@topic                                 | here | (f:@topic) | (f:@topic)
channel | @topic           | f:@topic online                          | here | (f:@topic) | f:@topic
channel | @topic           | f:@topic -mail                           | away | -          | f:@topic
channel | @topic           | f:@topic -push                           | away | f:@topic   | -
channel | @topic           | f:@topic -mail -push online              | idle | -          | -
channel | @topic           |                                          | away | -          | -
channel |                  | @topic f:@topic                          | away | -          | -
channel | @all             | @topic f:@topic                          | away | -          | -
channel | @topic           | @all f:@all                              | away | -          | -
# every message of the channel, or of a followed topic: whatever the general switches say
channel |                  | c:mail                                   | away | channel    | -
channel |                  | c:mail                                   | idle | channel    | -
channel |                  | c:mail                                   | here | (channel)  | -
channel |                  | c:mail online                            | here | (channel)  | -
channel |                  | c:mail -mail -push                       | away | channel    | -
channel |                  | c:push                                   | away | -          | channel
channel |                  | c:push                                   | idle | -          | channel
channel |                  | c:push                                   | here | -          | (channel)
channel |                  | c:push online                            | here | -          | channel
channel |                  | c:push -mail -push                       | away | -          | channel
channel |                  | c:mail c:push                            | away | channel    | channel
channel |                  | c:mail c:push                            | idle | channel    | channel
channel |                  | c:mail c:push                            | here | (channel)  | (channel)
channel |                  | c:mail c:push online                     | here | (channel)  | channel
channel |                  | c:mail c:push -mail -push                | away | channel    | channel
channel |                  | f:mail                                   | away | followed   | -
channel |                  | f:mail                                   | idle | followed   | -
channel |                  | f:mail                                   | here | (followed) | -
channel |                  | f:mail online                            | here | (followed) | -
channel |                  | f:mail -mail -push                       | away | followed   | -
channel |                  | f:push                                   | away | -          | followed
channel |                  | f:push                                   | idle | -          | followed
channel |                  | f:push                                   | here | -          | (followed)
channel |                  | f:push online                            | here | -          | followed
channel |                  | f:push -mail -push                       | away | -          | followed
channel |                  | f:mail f:push                            | away | followed   | followed
channel |                  | f:mail f:push                            | idle | followed   | followed
channel |                  | f:mail f:push                            | here | (followed) | (followed)
channel |                  | f:mail f:push online                     | here | (followed) | followed
channel |                  | f:mail f:push -mail -push                | away | followed   | followed
# several reasons: the first is the only one
channel | @Ann @all | @topic @all f:@topic f:@all c:mail c:push f:mail f:push | away | mention | mention
channel | @topic @all      | @topic @all f:@all c:mail c:push f:mail f:push | away | f:@all     | f:@all
channel | @topic @all      | @topic @all c:mail c:push f:mail f:push  | away | @topic     | @topic
channel | @topic @all      | @all c:mail c:push f:mail f:push         | away | @all       | @all
channel | @topic @all      | c:mail c:push f:mail f:push              | away | followed   | followed
channel | @topic @all      | c:mail c:push                            | away | channel    | channel
channel | @topic @all | @topic @all f:@topic f:@all c:mail c:push f:mail f:push | away | f:@topic | f:@topic
channel | @Ann @all        | f:@all c:push                            | away | mention    | mention
channel | @Ann @all        | @all c:mail c:push -mail                 | away | channel    | mention
channel | @Ann @all        | @all c:mail c:push -push                 | away | mention    | channel
channel | @Ann @all        | @all c:mail c:push -mail -push           | away | channel    | channel
channel | @topic           | f:@topic f:mail f:push -mail             | here | (followed) | (f:@topic)
channel | @topic           | f:@topic f:mail f:push -push             | here | (f:@topic) | (followed)
channel | @topic           | f:@topic f:mail f:push -mail -push       | here | (followed) | (followed)
channel |                  | c:mail f:push                            | away | channel    | followed
channel |                  | f:mail c:push online                     | here | (followed) | channel
# never: bots, and who has muted the sender
direct  |                  | bot                                      | away | -          | -
channel | @Ann             | bot online                               | away | -          | -
channel | @all             | @all bot                                 | away | -          | -
channel |                  | f:mail f:push bot                        | idle | -          | -
channel |                  | c:mail c:push bot                        | away | -          | -
edit    | @Ann             | bot                                      | away | -          | -
direct  |                  | muter                                    | away | -          | -
channel | @Ann             | muter online                             | away | -          | -
channel | @all             | @all muter                               | away | -          | -
channel |                  | f:mail f:push muter                      | idle | -          | -
channel |                  | c:mail c:push muter                      | away | -          | -
edit    | @Ann             | muter                                    | away | -          | -
# nor who is not in the channel
channel | @Ann             | out online                               | away | -          | -
edit    | @Ann             | out                                      | idle | -          | -
# no reason
channel |                  |                                          | away | -          | -
channel | read             |                                          | away | -          | -
channel | has_alert_word   |                                          | away | -          | -
channel |                  | online                                   | idle | -          | -
# the text was edited
edit    | @Ann             |                                          | away | mention    | mention
edit    | @Ann             |                                          | idle | mention    | mention
edit    | @Ann             |                                          | here | (mention)  | (mention)
edit    | @Ann             | online                                   | here | (mention)  | mention
edit    | @Ann             | -mail                                    | away | -          | mention
edit    | @Ann             | -push                                    | away | mention    | -
edit    | @Ann             | -mail -push online                       | idle | -          | -
edit    | @all             | @all                                     | away | @all       | @all
edit    | @all             | @all told                                | away | -          | -
edit    | @all             | f:@all                                   | away | f:@all     | f:@all
edit    | @all             | f:@all told                              | away | -          | -
edit    | @all             |                                          | away | -          | -
edit    | @topic           | @topic                                   | away | @topic     | @topic
edit    | @topic           | @topic told                              | away | -          | -
edit    | @topic           | f:@topic                                 | away | f:@topic   | f:@topic
edit    | @topic           | f:@topic told                            | away | -          | -
edit    | @topic           |                                          | away | -          | -
edit    | @Ann             | told                                     | away | -          | -
edit    |                  |                                          | away | -          | -
edit    | @Ann             | c:mail                                   | away | -          | -
edit    | @Ann             | c:push                                   | away | -          | -
edit    | @Ann             | f:mail                                   | away | -          | -
edit    | @Ann             | f:push                                   | away | -          | -
edit    |                  | c:push                                   | away | -          | -
moved   | @Ann             |                                          | away | -          | -
moved   | @all             | @all c:push                              | away | -          | -
edit-dm | @Ann             |                                          | away | -          | -
edit-dm | @all             | @all c:push                              | away | -          | -
"""
