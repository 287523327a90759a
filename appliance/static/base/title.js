/** What the tab is called: how much is unread, the view, the organization. */

let view = "";
let organization = "";
let unread = 0;

/** @param {string} text the view's */
export function entitle(text) {
  view = text;
  show();
}

/** @param {string} name the organization's */
export function belongTo(name) {
  organization = name;
  show();
}

/** @param {number} count what is unread */
export function count(count) {
  unread = count;
  show();
}

function show() {
  const text = [view, organization].filter(Boolean).join(" · ");
  const all = unread ? `(${unread}) ${text}` : text;
  if (document.title !== all) document.title = all;
}
