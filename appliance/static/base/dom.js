/** Building and changing the document. */

/** @typedef {Node | string | number | null | undefined | false} Child */
/** @typedef {Record<string, any>} Props */

/**
 * A new element. Properties that are functions listen ("onclick"); true and false set and leave out an attribute;
 * `class` takes a text or a list with gaps (falsy entries); `data` an object of data-attributes; `style` one of CSS
 * properties; `value`, `checked`, `disabled`, `hidden` and `indeterminate` are the element's own.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Props | null} [props]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, props, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) set(made, name, value);
  made.append(...nodes(children));
  return made;
}

/** Put these children in place of all that the element has. @param {Element} parent @param {...(Child | Child[])} children */
export function fill(parent, ...children) {
  parent.replaceChildren(...nodes(children));
}

/**
 * Make the element's children one for each row, in their order. A child is kept for as long as its key is there.
 * @template Row
 * @param {Element} parent nobody else adds children to it
 * @param {Row[]} rows
 * @param {(row: Row) => string | number} keyOf
 * @param {(row: Row) => Element} make
 * @param {(element: any, row: Row) => void} [update] of one that is kept
 */
export function keyed(parent, rows, keyOf, make, update) {
  const keys = rows.map((row) => String(keyOf(row)));
  const old = kept(parent, new Set(keys));
  let after = parent.firstElementChild;
  rows.forEach((row, at) => {
    let child = old.get(keys[at]);
    if (child) update?.(child, row);
    else child = Object.assign(make(row), { rowKey: keys[at] });
    if (child === after) after = after.nextElementSibling;
    else parent.insertBefore(child, after);
  });
}

/** Removes the other children first, so that those that stay need not move. @param {Element} parent @param {Set<string>} keys */
function kept(parent, keys) {
  const found = /** @type {Map<string, Element>} */ (new Map());
  for (const child of [...parent.children]) {
    const key = /** @type {any} */ (child).rowKey;
    if (keys.has(key)) found.set(key, child);
    else child.remove();
  }
  return found;
}

/** @param {HTMLElement} element @param {string} name @param {any} value */
function set(element, name, value) {
  if (value === null || value === undefined) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "class") element.className = Array.isArray(value) ? value.filter(Boolean).join(" ") : value;
  else if (name === "data") Object.assign(element.dataset, value);
  else if (name === "style") for (const [property, text] of Object.entries(value)) element.style.setProperty(property, text);
  else if (OWN.has(name)) /** @type {any} */ (element)[name] = value;
  else if (typeof value === "boolean") element.toggleAttribute(name, value);
  else element.setAttribute(name, String(value));
}

const OWN = new Set(["value", "checked", "disabled", "hidden", "indeterminate", "selected"]);

/** @param {(Child | Child[])[]} children @returns {(Node | string)[]} */
function nodes(children) {
  return children.flat().flatMap((each) =>
    each === null || each === undefined || each === false ? [] : [each instanceof Node ? each : String(each)],
  );
}
