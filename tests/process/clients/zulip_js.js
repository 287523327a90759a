// Every call of zulip-js once: zulip_js.js FOLDER ZULIPRC PASSWORD OTHER_EMAIL OTHER_ID
// Prints one JSON object: of each call, its answer.
const [folder, zuliprc, password, other, otherId] = process.argv.slice(2);
const zulipInit = require(`${folder}/node_modules/zulip-js`);

async function main() {
  const z = await zulipInit({ zuliprc });
  const { realm, username } = z.config;
  const answers = {};
  const call = async (name, answer) => (answers[name] = await answer);

  const byPassword = await zulipInit({ username, password, realm });
  answers["accounts.retrieve"] = { result: byPassword.config.apiKey === z.config.apiKey ? "success" : "error" };

  await call("server.settings", z.server.settings());
  await call("users.me.getProfile", z.users.me.getProfile());
  await call("users.retrieve", z.users.retrieve({ client_gravatar: true }));
  const made = { email: "js@chat.test", password: "correct horse battery", full_name: "JS", short_name: "js" };
  await call("users.create", z.users.create(made));
  await call("users.me.alertWords.retrieve", z.users.me.alertWords.retrieve());
  const channels = JSON.stringify([{ name: "from js", description: "made" }]);
  await call("users.me.subscriptions.add", z.users.me.subscriptions.add({ subscriptions: channels }));

  await call("streams.retrieve", z.streams.retrieve());
  const channel = await call("streams.getStreamId", z.streams.getStreamId("from js"));
  await call("streams.subscriptions.retrieve", z.streams.subscriptions.retrieve());

  const place = { type: "stream", to: "from js", subject: "script" };
  const sent = await call("messages.send", z.messages.send({ ...place, content: "hello" }));
  const id = sent.id;
  await call("streams.topics.retrieve", z.streams.topics.retrieve({ stream_id: channel.stream_id }));
  const narrow = [{ operator: "stream", operand: "from js" }];
  await call("messages.retrieve", z.messages.retrieve({ anchor: "newest", num_before: 5, num_after: 0, narrow }));
  await call("messages.render", z.messages.render("**bold**"));
  await call("messages.update", z.messages.update({ message_id: id, content: "changed" }));
  await call("messages.getById", z.messages.getById({ message_id: id }));
  await call("messages.getHistoryById", z.messages.getHistoryById({ message_id: id }));
  await call("messages.flags.add", z.messages.flags.add({ messages: [id], flag: "starred" }));
  await call("messages.flags.remove", z.messages.flags.remove({ messages: [id], flag: "starred" }));
  const emoji = { message_id: id, emoji_name: "octopus" };
  await call("reactions.add", z.reactions.add(emoji));
  await call("reactions.remove", z.reactions.remove(emoji));
  await z.reactions.add(emoji);
  await call("messages.deleteReactionById", z.messages.deleteReactionById(emoji));
  await call("messages.deleteById", z.messages.deleteById({ message_id: id }));
  await call("typing.send", z.typing.send({ op: "start", to: [Number(otherId)] }));
  await call("emojis.retrieve", z.emojis.retrieve());

  const queue = await call("queues.register", z.queues.register({ event_types: ["message"] }));
  await z.messages.send({ type: "private", to: other, content: "an event" });
  const asked = { queue_id: queue.queue_id, last_event_id: queue.last_event_id, dont_block: false };
  await call("events.retrieve", z.events.retrieve(asked));
  await call("queues.deregister", z.queues.deregister({ queue_id: queue.queue_id }));
  await call("callEndpoint", z.callEndpoint("/users/me", "GET"));
  const names = JSON.stringify(["from js"]);
  await call("users.me.subscriptions.remove", z.users.me.subscriptions.remove({ subscriptions: names }));
  const again = z.callEndpoint("/users/me/subscriptions", "DELETE", { subscriptions: names });
  await call("callEndpoint DELETE", again);
  await call("streams.deleteById", z.streams.deleteById({ stream_id: channel.stream_id }));
  answers["callOnEachEvent"] = await firstEvent(z, other);
  // Zulip has these no more.
  for (const [name, gone] of [
    ["filters.retrieve", z.filters.retrieve()],
    ["users.me.pointer.retrieve", z.users.me.pointer.retrieve()],
    ["users.me.pointer.update", z.users.me.pointer.update(1)],
  ])
    await call(name, gone);
  process.stdout.write(JSON.stringify(answers), () => process.exit(0));
}

function firstEvent(z, other) {
  // It writes until it hears itself: the library does not say when its queue is there.
  const writing = setInterval(() => z.messages.send({ type: "private", to: other, content: "hear me" }), 200);
  return new Promise((resolve) => {
    z.callOnEachEvent((event) => {
      clearInterval(writing);
      resolve({ result: event.message.content === "hear me" ? "success" : "error" });
    }, ["message"]);
  });
}

main().catch((error) => { console.error(error); process.exit(1); });
