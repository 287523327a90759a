/** Light or dark, how large letters are, and how much room lines have: as one has set it. */

import { watch } from "../base/changes.js";
import { setting } from "../state/told.js";

/** `value`: of the setting `color_scheme`. */
export const THEMES = [
  { value: 1, text: "As the device", theme: "" },
  { value: 3, text: "Light", theme: "light" },
  { value: 2, text: "Dark", theme: "dark" },
];
const USUAL = 16; // of web_font_size_px: then letters are as the browser has them
const USUAL_LINE = 140; // of web_line_height_percent

/** Keep it as it is set. */
export function apply() {
  const root = document.documentElement;
  const draw = () => {
    root.dataset.theme = THEMES.find(({ value }) => value === setting("color_scheme"))?.theme ?? "";
    const size = setting("web_font_size_px") ?? USUAL;
    const line = setting("web_line_height_percent") ?? USUAL_LINE;
    root.style.setProperty("font-size", size === USUAL ? "" : `${(size / USUAL) * 100}%`);
    root.style.setProperty("--line-height", line === USUAL_LINE ? "" : String(line / 100));
    root.toggleAttribute("data-contrast", setting("high_contrast_mode") ?? false);
    root.toggleAttribute("data-fluid", setting("fluid_layout_width") ?? false);
  };
  watch(["settings"], draw);
  draw();
}
