/* A canned reply goes in where the cursor stands; without script the server puts it at the end. */
import { on } from "./page.js";

on("click", async (event) => {
  const button = event.target.closest("[data-insert]");
  if (!button) return;
  event.preventDefault();
  const select = button.parentElement.querySelector("select");
  const field = document.getElementById(button.dataset.into);
  if (!select.value) { select.focus(); return; }
  const answer = await fetch(`${button.dataset.insert}?phrase=${select.value}`).catch(() => null);
  if (!answer?.ok) { button.form.requestSubmit(button); return; }
  field.setRangeText(await answer.text(), field.selectionStart, field.selectionEnd, "end");
  field.focus();
});
