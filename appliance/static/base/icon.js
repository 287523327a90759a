/** Our own few icons: strokes on a field of 24 × 24. */

/** @type {Record<string, string>} */
const PATHS = {
  hash: "M9 4 7 20M17 4l-2 16M4 9h16M3 15h16",
  lock: "M6 11h12v9H6zM8 11V8a4 4 0 0 1 8 0v3",
  globe: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18",
  inbox: "M4 13 6 5h12l2 8v6H4zM4 13h5l1 3h4l1-3h5",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 7v5l4 2",
  at: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM16 8v6c0 3 5 3 5-2a9 9 0 1 0-4 7",
  star: "m12 3 2.7 5.8 6.3.7-4.7 4.3 1.3 6.2L12 17l-5.6 3 1.3-6.2L3 9.5l6.3-.7z",
  people: "M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM2 20c0-4 3-6 7-6s7 2 7 6M16 5a3.5 3.5 0 0 1 0 7M18 14c3 .5 4 3 4 6",
  person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM4 21c0-4.5 3.5-7 8-7s8 2.5 8 7",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM15.5 15.5 21 21",
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6 6 18",
  menu: "M4 7h16M4 12h16M4 17h16",
  more: "M12 6v.01M12 12v.01M12 18v.01",
  check: "m5 12 5 5L19 7",
  back: "M14 6l-6 6 6 6",
  down: "m6 9 6 6 6-6",
  up: "m6 15 6-6 6 6",
  edit: "M4 20l1-5L16 4l4 4L9 19z",
  bin: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  smile: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM8 14c2 3 6 3 8 0M9 9v.01M15 9v.01",
  reply: "M9 7 4 12l5 5M4 12h10c4 0 6 2 6 6",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
  clip: "M19 11l-7.5 7.5a4.5 4.5 0 0 1-6.4-6.4L13 4.3a3 3 0 0 1 4.3 4.2L9.5 16.3a1.5 1.5 0 0 1-2-2.1L14 7.5",
  send: "M4 12 3 4l18 8-18 8zM4 12h8",
  gear: "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM12 2v4M12 18v4M2 12h4M18 12h4M5 5l3 3M16 16l3 3M19 5l-3 3M8 16l-3 3",
  bell: "M6 17V11a6 6 0 0 1 12 0v6l2 2H4zM10 21h4",
  mute: "M6 17V11a6 6 0 0 1 9-5M18 11v6l2 2H4M10 21h4M3 3l18 18",
  eye: "M2 12c4-8 16-8 20 0-4 8-16 8-20 0ZM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z",
  warn: "M12 4 2 20h20zM12 10v4M12 17v.01",
  chart: "M4 20V4M4 20h16M8 16v-4M12 16V8M16 16v-6",
  key: "M8 11a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM11 12l9-9M16 7l3 3",
  quote: "M5 7h5v6c0 3-2 4-4 4M14 7h5v6c0 3-2 4-4 4",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  right: "m9 6 6 6-6 6",
  list: "M4 6h16M4 12h16M4 18h10",
  pin: "M9 4h6l-1 6 3 3v2H7v-2l3-3zM12 15v6",
  later: "M11 3a9 9 0 1 0 8 12M11 7v5l3 2M15 5h6l-6 5h6",
  resolve: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM8 12l3 3 5-6",
  out: "M10 4H5v16h5M10 12h10M16 8l4 4-4 4",
  bold: "M7 5h6a3.5 3.5 0 0 1 0 7H7zM7 12h7a3.5 3.5 0 0 1 0 7H7z",
  italic: "M10 5h7M7 19h7M14 5l-4 14",
  strike: "M4 12h16M16 7c-1-2-7-3-8 0-.6 2 1 3.5 3 4M8 17c1 2 8 3 8-1 0-1-.4-2-1-2.5",
  bot: "M5 9h14v10H5zM12 9V5M9 13v.01M15 13v.01M10 16h4",
  code: "m8 7-5 5 5 5M16 7l5 5-5 5",
  bullets: "M9 6h11M9 12h11M9 18h11M4 6v.01M4 12v.01M4 18v.01",
  numbers: "M10 6h10M10 12h10M10 18h10M4 4l1-.5V9M4 14.5c0-2 3-1.5 2 0L4 18h2.5",
  sigma: "M17 6V4H6l6 8-6 8h11v-2",
  download: "M12 4v11M7 11l5 5 5-5M4 20h16",
};

/** Decoration beside a text, or in a button that has a label. @param {string} name @returns {SVGSVGElement} */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS(svg.namespaceURI, "path");
  path.setAttribute("d", PATHS[name] ?? PATHS.more);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(path);
  return /** @type {SVGSVGElement} */ (svg);
}
