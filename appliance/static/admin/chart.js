/** A small line over time, with what it is, its figure of now, and its greatest. */

import { h } from "../base/dom.js";

/** @typedef {import("./samples.js").Point} Point */

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 300;
const HEIGHT = 60; // of the drawing; the page stretches it

/**
 * @param {string} title @param {(value: number) => string} text of a value
 * @param {number} [least] what the axis reaches at the least, so that small changes do not look large
 * @returns {{element: HTMLElement, draw: (points: Point[]) => void}}
 */
export function chart(title, text, least = 0) {
  const now = h("strong", null, "–");
  const most = h("small");
  const [area, line] = [path("area"), path("line")];
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  drawing.setAttribute("preserveAspectRatio", "none");
  drawing.setAttribute("aria-hidden", "true"); // the figures say it
  drawing.append(area, line);
  const element = h("figure", { class: "chart" }, h("figcaption", null, h("span", null, title), now), drawing, most);
  return { element, draw };

  /** @param {Point[]} points in the order of their times */
  function draw(points) {
    const known = points.filter(({ value }) => value !== null);
    if (!known.length) return;
    const top = Math.max(...known.map(({ value }) => value));
    const pieces = split(points, Math.max(top, least) || 1);
    line.setAttribute("d", pieces.map((piece) => `M${piece.join("L")}`).join(""));
    area.setAttribute("d", pieces.map(filled).join(""));
    now.textContent = text(known.at(-1).value);
    most.textContent = `at most ${text(top)} in ${Math.max(1, Math.round((points.at(-1).time - points[0].time) / 60))} min`;
  }
}

/** Runs of places "x,y" without a gap. @param {Point[]} points @param {number} top the value at the upper edge */
function split(points, top) {
  const [first, last] = [points[0].time, points.at(-1).time];
  const pieces = /** @type {string[][]} */ ([[]]);
  for (const { time, value } of points) {
    const x = ((time - first) / (last - first || 1)) * WIDTH;
    if (value === null) pieces.push([]);
    else pieces.at(-1).push(`${x.toFixed(1)},${(HEIGHT - 2 - (value / top) * (HEIGHT - 4)).toFixed(1)}`);
  }
  return pieces.filter((piece) => piece.length);
}

/** @param {string[]} piece */
function filled(piece) {
  const [from, to] = [piece[0].split(",")[0], piece.at(-1).split(",")[0]];
  return `M${from},${HEIGHT}L${piece.join("L")}L${to},${HEIGHT}Z`;
}

/** @param {string} name */
function path(name) {
  const made = document.createElementNS(SVG, "path");
  made.setAttribute("class", name);
  return made;
}
