/** HTML that the server has made of a message: the only place where a text becomes markup, or a script. */

// The server lets no script through, and the page's policy would run none. Nothing else may be made markup here.
const policy = /** @type {any} */ (window).trustedTypes?.createPolicy("page", {
  createHTML: (/** @type {string} */ html) => html,
  createScriptURL: () => WORKER,
});

const WORKER = "/worker.js";

/** The address of the service worker, the one script that is named by a text. @returns {string} */
export const workerAddress = () => (policy ? policy.createScriptURL(WORKER) : WORKER);

/**
 * What the server has as a style (of tables' cells, and cards' pictures) is in `data-style`: the page's policy refuses styles.
 * @param {string} html `content` of a message, `rendered_content` of a draft or the like, from our own server
 * @returns {DocumentFragment}
 */
export function rendered(html) {
  const template = document.createElement("template");
  const safe = html.includes(" style=") ? html.replace(TAG, withoutStyle) : html;
  template.innerHTML = policy ? policy.createHTML(safe) : safe;
  return template.content;
}

const TAG = /<(?:[^<>"]|"[^"]*")*>/g;

/** @param {string} tag */
const withoutStyle = (tag) => tag.replace(/"[^"]*"|( style=)/g, (found, style) => (style ? " data-style=" : found));
