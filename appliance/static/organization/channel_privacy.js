/** How open a channel is. */

/** @typedef {{invite_only: boolean, history_public_to_subscribers: boolean, is_web_public: boolean}} Privacy as of a channel */

/** @type {{value: string, text: string, help: string, isPrivate: boolean, history: boolean}[]} */
export const PRIVACIES = [
  { value: "public", text: "Public", help: "Everybody but guests can find it, read it and join.", isPrivate: false, history: true },
  { value: "private", text: "Private", help: "Only who is put into it; newcomers can read what was written before.", isPrivate: true, history: true },
  {
    value: "protected",
    text: "Private, without its past",
    help: "Only who is put into it; newcomers see what is written from then on.",
    isPrivate: true,
    history: false,
  },
];

/** @param {Privacy} channel */
export const privacyOf = ({ invite_only, history_public_to_subscribers: history }) =>
  PRIVACIES.find((each) => each.isPrivate === invite_only && (!invite_only || each.history === history)) ?? PRIVACIES[0];

/** @param {string} value */
export const privacyNamed = (value) => PRIVACIES.find((each) => each.value === value);
