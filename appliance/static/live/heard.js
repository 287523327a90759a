/** Events as they come, for what does something of its own with them. The state has been changed when they are told. */

/** @type {Map<string, Set<(event: any) => void>>} */
const listeners = new Map();

/**
 * @param {string} type of an event; or "renewed", without any: what was missed is not known, and the state is new
 * @param {(event: any) => void} run
 * @returns {() => void} ends that
 */
export function hear(type, run) {
  if (!listeners.has(type)) listeners.set(type, new Set());
  listeners.get(type).add(run);
  return () => listeners.get(type).delete(run);
}

/** @param {{type: string} & Record<string, any>} event */
export function spread(event) {
  for (const run of [...(listeners.get(event.type) ?? [])]) {
    try {
      run(event);
    } catch (error) {
      reportError(error); // the others hear of it all the same
    }
  }
}
