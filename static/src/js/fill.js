/* <template data-fill="id" data-untouched="…">: what a field begins with, once the server knows. What somebody typed or chose stays. */
import { each, on } from "./page.js";

const put = new Map();
on("htmx:load", (event) => each("template[data-fill]", (part) => {
  const field = document.getElementById(part.dataset.fill), text = part.content.textContent;
  if (field.value !== (put.get(field) ?? part.dataset.untouched)) return;
  field.value = text;
  put.set(field, field.value);
}, event.target.parentElement || document));
