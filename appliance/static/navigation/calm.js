/** Drawing that need not happen in every frame. */

/**
 * The first call runs at once; those that follow too soon become one, later.
 * @param {() => void} run @param {number} [pause] milliseconds between two runs
 * @returns {() => void}
 */
export function calm(run, pause = 200) {
  let last = -Infinity;
  let waits = false;
  const now = () => {
    waits = false;
    last = performance.now();
    run();
  };
  return () => {
    if (waits) return;
    const rest = last + pause - performance.now();
    if (rest <= 0) return now();
    waits = true;
    setTimeout(now, rest);
  };
}
