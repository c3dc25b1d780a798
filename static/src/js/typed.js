/* What was typed and not sent waits in the browser until its page is there again: after "Reload, keeping what you typed",
   and when another complaint was opened beside the list meanwhile. */
import { each, keep, kept, on } from "./page.js";

const FIELDS = "main form :is(textarea, select, input:not([type=hidden], [type=file], [type=search]))";
const key = (path) => `typed ${path}`;
const isBox = (field) => field.matches("[type=checkbox], [type=radio]");
const isChanged = (field) => field.matches("select")
  ? [...field.options].some((option) => option.selected !== option.defaultSelected)
  : isBox(field) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;

export function keepTyped(path, root = document) {
  const typed = [...root.querySelectorAll(FIELDS)].filter((field) => field.id && isChanged(field));
  keep(key(path), JSON.stringify(typed.map((field) => [field.id, isBox(field) ? field.checked : field.value])));
}
/* Before anything else follows the link. */
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-reload]");
  if (link) keepTyped(link.pathname);
}, true);

function restore() {
  each("[data-typed]", ({ dataset }) => {
    const found = JSON.parse(kept(key(dataset.typed)) || "[]");
    keep(key(dataset.typed), "[]");
    for (const [id, value] of found) {
      const field = document.getElementById(id);
      if (!field) continue;
      if (isBox(field)) field.checked = value; else field.value = value;
      for (let box = field.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    }
  });
}
on("htmx:load", restore);
restore();
