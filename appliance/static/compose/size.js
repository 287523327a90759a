/** Fields that are as high as their text; how high at most, the style says. */

/** @param {HTMLTextAreaElement} field @returns {() => void} after a change */
export function fitted(field) {
  if (CSS.supports("field-sizing", "content")) return () => {};
  return () => requestAnimationFrame(() => {
    field.style.setProperty("height", "auto");
    field.style.setProperty("height", `${field.scrollHeight + 2}px`);
  });
}
