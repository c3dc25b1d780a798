/* A survey's sheet: kept while it is filled in, and the reason asked for where an answer is low. */
const QUIET = 1200;
const form = document.querySelector("form.sheet");

function reasons() {
  for (const why of form.querySelectorAll(".why[data-below]")) {
    const given = form.querySelector(`[name="${why.dataset.of}"]:checked`);
    const text = why.querySelector("textarea");
    why.hidden = !text.value && !(given && Number(given.value) < Number(why.dataset.below));
  }
}
let timer = null;
async function keep() {
  const body = new FormData(form);
  body.set("do", "keep");
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Keeps": "1" } });
    form.querySelector("[data-kept]").hidden = answer.status !== 204;
  } catch { /* offline: the sheet is sent by its button later */ }
}
if (form) {
  reasons();
  form.addEventListener("change", reasons);
  if (form.hasAttribute("data-keeps")) {
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(keep, QUIET); });
    form.addEventListener("submit", () => clearTimeout(timer));
  }
}
