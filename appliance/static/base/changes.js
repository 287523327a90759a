/**
 * Who shows something is told when it has changed: once a frame, however often it did.
 *
 * A subject is the name of a section of the state ("unread"), or any object that changes as one (a feed).
 */

/** @typedef {string | object} Subject */

const watchers = /** @type {Map<Subject, Set<() => void>>} */ (new Map());
const waiting = /** @type {Set<Subject>} */ (new Set());
const HIDDEN = 250; // milliseconds: a tab in the background has no frames

/** @param {...Subject} subjects */
export function changed(...subjects) {
  if (!waiting.size) plan();
  for (const each of subjects) waiting.add(each);
}

/**
 * `run` is called soon after one of the subjects has changed, and once for several.
 * @param {Subject[]} subjects
 * @param {() => void} run
 * @returns {() => void} stops that
 */
export function watch(subjects, run) {
  for (const each of subjects) {
    if (!watchers.has(each)) watchers.set(each, new Set());
    watchers.get(each).add(run);
  }
  return () => {
    for (const each of subjects) {
      watchers.get(each)?.delete(run);
      if (!watchers.get(each)?.size) watchers.delete(each);
    }
  };
}

/** Tell at once what waits to be told. */
export function tell() {
  const runs = new Set([...waiting].flatMap((each) => [...(watchers.get(each) ?? [])]));
  waiting.clear();
  for (const run of runs) {
    try {
      run();
    } catch (error) {
      reportError(error); // the others are told all the same
    }
  }
}

function plan() {
  let told = false;
  const once = () => {
    if (told) return;
    told = true;
    tell();
  };
  requestAnimationFrame(once);
  setTimeout(once, HIDDEN);
}
