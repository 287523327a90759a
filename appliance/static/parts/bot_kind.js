/** Kinds of bots, and who may make them. */

import * as me from "../state/me.js";

const GENERIC = 1;
export const INCOMING = 2, OUTGOING = 3;

export const KINDS = [
  { value: GENERIC, text: "Generic bot" },
  { value: INCOMING, text: "Sends messages only" },
  { value: OUTGOING, text: "Outgoing webhook" },
];

/** @param {number} type */
export const kindOf = (type) => KINDS.find((each) => each.value === type)?.text ?? "";

/** One may make bots that only send without being allowed any others. */
export const mayMakeAll = () => !me.isGuest() && me.may("can_create_bots_group");
export const mayMake = () => mayMakeAll() || (!me.isGuest() && me.may("can_create_write_only_bots_group"));
