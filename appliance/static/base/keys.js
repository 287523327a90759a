/** Keyboard shortcuts of the whole page: those of Zulip where it has one. */

/**
 * @typedef {object} Shortcut
 * @property {string[]} keys names as of KeyboardEvent.key, after "Ctrl+" and the like; any one of them
 * @property {string} does what "?" shows
 * @property {string} group its heading there
 * @property {(event: KeyboardEvent) => void} run
 * @property {(event: KeyboardEvent) => boolean} [when] asked first; otherwise others with the same key get it
 * @property {boolean} [typing] works in a text field, too
 */

const known = /** @type {Shortcut[][]} */ ([]); // those of each call, the last call first

/** Of several with the same key, those that came with a later call are asked first. @param {...Shortcut} shortcuts @returns {() => void} takes them back */
export function shortcuts(...shortcuts) {
  known.unshift(shortcuts);
  return () => void known.splice(known.indexOf(shortcuts), 1);
}

/** For "?": in the order in which they were made. */
export const all = () => [...known].reverse().flat();

/** Listen from now on. */
export function listen() {
  document.addEventListener("keydown", pressed);
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  if (event.defaultPrevented || event.isComposing) return;
  const typing = isField(event.target);
  const modal = document.querySelector("dialog[open], [popover]:popover-open");
  const pressed = combination(event);
  const found = known.flat().find((each) => each.keys.includes(pressed) && (each.typing || !typing) && (!modal || each.typing) && (each.when?.(event) ?? true));
  if (!found) return;
  event.preventDefault();
  found.run(event);
}

/** @param {KeyboardEvent} event */
function combination(event) {
  const modifiers = [event.ctrlKey || event.metaKey ? "Ctrl+" : "", event.altKey ? "Alt+" : "", event.shiftKey && event.key.length > 1 ? "Shift+" : ""];
  return modifiers.join("") + event.key;
}

/** @param {EventTarget | null} target */
function isField(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
