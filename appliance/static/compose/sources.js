/** What can be meant by what stands before the cursor: mentions, channels, topics, emoji, languages, commands. */

import { icon } from "../base/icon.js";
import { avatar } from "../parts/avatar.js";
import * as channels from "../state/channels.js";
import * as destinations from "../state/destination.js";
import * as emoji from "../state/emoji.js";
import * as groups from "../state/groups.js";
import * as playgrounds from "../state/playgrounds.js";
import * as topics from "../state/topics.js";
import * as users from "../state/users.js";

/** @typedef {import("../state/destination.js").Destination} Destination */
/** @typedef {import("../parts/suggestions.js").Suggestion} Suggestion `value`: the text in the place of what `pattern` found, or what to do instead */
/**
 * @typedef {object} Source
 * @property {RegExp} pattern of the text up to the cursor; its group "asked" and what is before it since "from" is replaced
 * @property {(asked: RegExpExecArray, destination: Destination | null) => Suggestion[] | Promise<Suggestion[]>} find
 */

const MOST = 8; // suggestions
const START = "(?<=^|[\\s([{\"'>/*_-])"; // what may stand before a sign

/** The first whose pattern fits is asked. @type {Source[]} */
export const SOURCES = [
  { pattern: new RegExp(`${START}@(?<silent>_?)\\*{0,2}(?<asked>[^@*\\n]{0,40})$`, "u"), find: mentions },
  { pattern: new RegExp(`${START}#\\*{0,2}(?<channel>[^#*\\n>]{1,60})>(?<asked>[^\\n*]{0,60})$`, "u"), find: topicsOf },
  { pattern: new RegExp(`${START}#\\*{0,2}(?<asked>[^#*\\n>]{0,60})$`, "u"), find: channelsNamed },
  { pattern: new RegExp(`${START}:(?<asked>[\\p{L}\\d_+-]{2,40})$`, "u"), find: emojiNamed },
  { pattern: /(?<=^|\n)(?<fence>`{3,}|~{3,}) ?(?<asked>[\w+#-]{0,20})$/, find: languages },
  { pattern: /(?<=^|\s)<t?i?m?e?:?(?<asked>)$/, find: () => [{ text: "A time", detail: "as everybody's own clock shows it", picture: icon("clock"), value: "time" }] },
  { pattern: /^\/(?<asked>[a-z]{0,5})$/, find: commands },
];

/** @param {RegExpExecArray} found @param {Destination | null} destination @returns {Suggestion[]} */
function mentions({ groups: { silent, asked } }, destination) {
  if (/^\s|\s\s/.test(asked)) return [];
  const people = users.search(asked, MOST).map((each) => person(each, silent));
  const named = starting(groups.named(), asked, (each) => each.name).map((each) => ({
    text: each.name,
    detail: each.description || "Group",
    picture: icon("people"),
    value: `@${silent}*${each.name}* `,
  }));
  const all = silent || !asked ? [] : wildcards(destination).filter((each) => each.text.startsWith(asked.toLowerCase()));
  return [...all, ...people.slice(0, MOST - 2), ...named].slice(0, MOST);
}

/** @param {users.User} user @param {string} silent @returns {Suggestion} */
function person(user, silent) {
  const unique = users.all().filter((each) => each.full_name === user.full_name).length === 1 && !/\|\d+$/.test(user.full_name);
  const name = unique ? user.full_name : `${user.full_name}|${user.user_id}`;
  return { text: user.full_name, detail: user.is_bot ? "Bot" : (user.delivery_email ?? ""), picture: avatar(user.user_id, 20), value: `@${silent}**${name}** ` };
}

/** @param {Destination | null} destination @returns {Suggestion[]} */
function wildcards(destination) {
  const picture = () => icon("bell");
  if (destination?.type !== "channel") return [{ text: "all", detail: "Everybody in this conversation", picture: picture(), value: "@**all** " }];
  return [
    { text: "all", detail: "Everybody in the channel", picture: picture(), value: "@**all** " },
    { text: "everyone", detail: "Everybody in the channel", picture: picture(), value: "@**everyone** " },
    { text: "channel", detail: "Everybody in the channel", picture: picture(), value: "@**channel** " },
    { text: "topic", detail: "Everybody who has taken part in the topic", picture: picture(), value: "@**topic** " },
  ];
}

/** @param {RegExpExecArray} found */
async function channelsNamed({ groups: { asked } }) {
  if (/^\s/.test(asked)) return []; // a heading
  const found = channels.search(asked, MOST).map((each) => ({ text: each.name, detail: each.description, picture: icon(channels.icon(each.stream_id)), value: channelLink(each) }));
  const whole = asked && channels.all().find((each) => users.plain(each.name) === users.plain(asked));
  return whole ? [...found.slice(0, 3), ...(await topicLinks(whole, ""))].slice(0, MOST) : found;
}

/** @param {RegExpExecArray} found @returns {Promise<Suggestion[]>} */
async function topicsOf({ groups: { channel, asked } }) {
  const found = channels.all().find((each) => users.plain(each.name) === users.plain(channel.trim()));
  return found ? topicLinks(found, asked.trim()) : [];
}

/** @param {channels.Channel} channel @param {string} asked @returns {Promise<Suggestion[]>} */
async function topicLinks({ stream_id: id, name }, asked) {
  const known = await topics.recent(id);
  const found = including(known, asked, (each) => topics.shown(each.name));
  return found.map((each) => ({ text: `${name} > ${topics.shown(each.name)}`, picture: icon(channels.icon(id)), value: topicLink(id, name, each.name) }));
}

const SIGNS = /[`>*&[\]]|\$\$/; // in a name, they would end a link of Zulip's own kind

/** @param {channels.Channel} channel */
function channelLink({ stream_id: id, name }) {
  if (!SIGNS.test(name)) return `#**${name}** `;
  return `[#${plainText(name)}](${destinations.channelHash(id)}) `;
}

/** @param {number} id @param {string} name @param {string} topic */
function topicLink(id, name, topic) {
  if (topic && !SIGNS.test(name + topic)) return `#**${name}>${topic}** `;
  return `[#${plainText(name)} > ${plainText(topics.shown(topic))}](${destinations.hash({ type: "channel", stream_id: id, topic })}) `;
}

/** @param {string} text */
const plainText = (text) => text.replace(/[\\`*_[\]$&]/g, (each) => `&#${each.charCodeAt(0)};`);

/** @param {RegExpExecArray} found */
async function emojiNamed({ groups: { asked } }) {
  await emoji.ready();
  return emoji.find(asked, MOST).map((each) => ({ text: each.emoji_name.replaceAll("_", " "), picture: emoji.show(each), value: `:${each.emoji_name}: ` }));
}

const BLOCKS = { quote: "Quote", spoiler: "Hidden until it is pressed", math: "TeX" };
const LANGUAGES =
  "bash c cmake cpp csharp css clojure dart diff docker elixir erlang fsharp go graphql groovy haskell html java javascript json jsx julia kotlin lua nginx nix objective-c perl php powershell protobuf python ruby rust scala scss sql swift terraform tex text toml tsx typescript xml yaml zig".split(" ");

/** @param {RegExpExecArray} found @returns {Suggestion[]} */
function languages({ groups: { fence, asked } }) {
  if (!asked) return [];
  const blocks = starting(Object.entries(BLOCKS), asked, ([name]) => name).map(([name, detail]) => ({ text: name, detail, value: `${fence}${name}\n` }));
  const own = playgrounds.all().map((each) => each.pygments_language.toLowerCase());
  const found = starting([...new Set([...LANGUAGES, ...own])], asked, (each) => each);
  return [...blocks, ...found.map((each) => ({ text: each, value: `${fence}${each}\n` }))].slice(0, MOST);
}

/** @type {Suggestion[]} */
const COMMANDS = [
  { text: "/me", detail: "Say what you do", value: "/me " },
  { text: "/poll", detail: "Ask everybody", value: "poll" },
  { text: "/todo", detail: "A list of things to do", value: "todo" },
];

/** @param {RegExpExecArray} found */
function commands({ groups: { asked } }) {
  return COMMANDS.filter((each) => each.text.startsWith(`/${asked}`));
}

/** @template Row @param {Row[]} rows @param {string} asked @param {(row: Row) => string} name */
const starting = (rows, asked, name) => rows.filter((each) => users.plain(name(each)).startsWith(users.plain(asked))).slice(0, MOST);

/** @template Row @param {Row[]} rows @param {string} asked @param {(row: Row) => string} name */
const including = (rows, asked, name) => rows.filter((each) => users.plain(name(each)).includes(users.plain(asked))).slice(0, MOST);
