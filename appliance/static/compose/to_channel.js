/** Choosing a channel and a topic. */

import { h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { makeCombobox } from "../parts/combobox.js";
import * as channels from "../state/channels.js";
import { realm, told } from "../state/told.js";
import * as topics from "../state/topics.js";
import { plain } from "../state/users.js";

/** @typedef {import("../state/destination.js").ToChannel} ToChannel */

const MOST = 8; // suggestions

/** @param {() => void} onchange @param {() => void} ondone go on with the text */
export function makeToChannel(onchange, ondone) {
  let streamId = /** @type {number | null} */ (null);
  const channel = makeCombobox({ label: "Channel", placeholder: "Channel", find: channelsNamed, choose: chosen, onblur: restore });
  const topic = makeCombobox({ label: "Topic", find: topicsNamed, choose: named, oninput: onchange, onkeydown: finish });
  const element = h("div", { class: "to-channel" }, channel, h("span", { class: "faint", "aria-hidden": "true" }, "›"), topic);

  /** @param {number | null} id */
  function become(id) {
    streamId = id;
    restore();
    topic.maxLength = told("max_topic_length");
    topic.placeholder = realm("mandatory_topics") ? "Topic" : topics.shown("");
  }

  /** What was typed names no channel. */
  function restore() {
    channel.value = streamId === null ? "" : channels.name(streamId);
    channel.style.setProperty("--length", String(Math.max(8, channel.value.length)));
  }

  /** @param {number} id */
  function chosen(id) {
    become(id);
    onchange();
    topic.focus();
  }

  /** @param {string} name */
  function named(name) {
    topic.value = name;
    onchange();
    ondone();
  }

  /** @param {KeyboardEvent} event */
  function finish(event) {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    ondone();
  }

  /** @param {string} text */
  async function topicsNamed(text) {
    if (streamId === null) return [];
    const known = await topics.recent(streamId);
    const found = known.filter((each) => each.name && plain(each.name).includes(plain(text)) && each.name !== text);
    return found.slice(0, MOST).map((each) => ({ text: each.name, value: each.name, picture: icon("hash") }));
  }

  return {
    element,
    /** @returns {ToChannel | null} */
    value: () => (streamId === null ? null : { type: "channel", stream_id: streamId, topic: topic.value.trim() }),
    /** @param {ToChannel | null} destination */
    set(destination) {
      become(destination?.stream_id ?? null);
      topic.value = destination?.topic ?? "";
    },
    focus: () => (streamId === null ? channel : topic).focus(),
  };
}

/** @param {string} text */
function channelsNamed(text) {
  const exact = channels.all().some((each) => each.name === text);
  const found = channels.search(exact ? "" : text, 50).filter((each) => channels.mayPost(each.stream_id));
  return found.slice(0, MOST).map((each) => ({ text: each.name, detail: each.subscribed ? "" : "not subscribed", value: each.stream_id, picture: icon(channels.icon(each.stream_id)) }));
}
