/** Where addresses of newcomers may end. Owners alone choose that. */

import { patch, post, remove } from "../base/api.js";
import { h } from "../base/dom.js";
import { field, toggle } from "../parts/field.js";
import { openForm } from "../parts/form.js";
import * as me from "../state/me.js";
import { told } from "../state/told.js";
import { button, entry, iconButton, liveList } from "./panel.js";

/** @typedef {{domain: string, allow_subdomains: boolean}} Domain */

/** @param {HTMLElement} panel */
export function showDomains(panel) {
  const section = h("section", { "aria-label": "Domains" }, h("h3", null, "Domains"));
  panel.append(section);
  const { stop } = liveList(section, {
    label: "Domains",
    subjects: ["told"],
    rows: () => /** @type {Domain[]} */ (told("realm_domains")),
    make: row,
    empty: "No domains yet: addresses of newcomers may end as they like.",
  });
  if (me.isOwner()) section.append(button("Add a domain", ask));
  return stop;
}

/** @param {Domain} domain */
function row(domain) {
  return entry({
    title: domain.domain,
    detail: domain.allow_subdomains ? "and domains below it" : "",
    actions:
      (me.isOwner() && [
        button(domain.allow_subdomains ? "Without those below" : "With those below", () =>
          patch(path(domain), { allow_subdomains: !domain.allow_subdomains }),
        ),
        iconButton("bin", `Remove ${domain.domain}`, () => remove(path(domain))),
      ]) ||
      [],
  });
}

/** @param {Domain} domain */
const path = ({ domain }) => `/realm/domains/${encodeURIComponent(domain)}`;

function ask() {
  const name = h("input", { type: "text", required: true, maxlength: 253, placeholder: "example.com", autocapitalize: "none", autofocus: true });
  let below = false;
  openForm({
    title: "Add a domain",
    body: [field("Domain", name), toggle("Also the domains below it", below, (checked) => (below = checked))],
    action: "Add",
    run: () => post("/realm/domains", { domain: name.value.trim(), allow_subdomains: below }),
  });
}
