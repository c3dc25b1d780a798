/* Choosing rows of a list: how many are chosen, the whole page at once, a run of rows with the shift key. */
import { each, on } from "./page.js";

const boxes = () => [...document.querySelectorAll(".rows [name=number]")];
let last = null;

function count() {
  const all = boxes(), chosen = all.filter((box) => box.checked).length;
  each(".bulk [data-chosen]", (words) => { words.textContent = words.dataset.chosen.replace("%(count)s", chosen); });
  each("[data-choose-page]", (box) => {
    Object.assign(box, { hidden: false, checked: chosen > 0 && chosen === all.length, indeterminate: chosen > 0 && chosen < all.length });
  });
}
on("click", (event) => {
  const box = event.target;
  if (!box.matches?.(".rows [name=number]")) return;
  const all = boxes(), [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
  if (event.shiftKey && from >= 0) all.slice(from, to + 1).forEach((row) => { row.checked = box.checked; });
  last = box;
});
on("change", (event) => {
  const box = event.target, every = document.querySelector(".bulk [name=every]");
  if (box.matches("[data-choose-page]") || box === every) boxes().forEach((row) => { row.checked = box.checked; });
  else if (!box.matches(".rows [name=number]")) return;
  /* Who takes one row away no longer means all that match. */
  if (every && !box.checked) every.checked = false;
  count();
});
on("reset", () => setTimeout(count));
on("htmx:load", count);
on("pageshow", count, window);
