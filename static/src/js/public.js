/* Pages without login. Every one works without this: it copies, stops the second press, and leads to what is wrong. */
import "./sheet.js";

const { body } = document;
document.getElementById("errors")?.focus();

document.addEventListener("submit", (event) => {
  const form = event.target, button = event.submitter ?? form.querySelector("button");
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  setTimeout(() => {
    button.setAttribute("aria-disabled", "true");
    button.dataset.says = button.textContent;
    button.textContent = body.dataset.submitting;
  });
});
/* Who comes back to the page may send again, with what was typed. */
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[aria-disabled][data-says]")) {
    button.removeAttribute("aria-disabled");
    button.textContent = button.dataset.says;
    delete button.form.dataset.sent;
  }
});

for (const button of document.querySelectorAll("[data-copies]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent.trim());
    button.textContent = button.dataset.done;
  });
}
