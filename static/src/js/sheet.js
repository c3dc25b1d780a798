/* A survey's sheet: kept while it is filled in, and the reason asked for where an answer is low. That
   it was opened is told when somebody does something: mail scanners only look. */
const QUIET = 1200;
const form = document.querySelector("form.sheet");

function reasons() {
  for (const why of form.querySelectorAll(".why[data-below]")) {
    const given = form.querySelector(`[name="${why.dataset.of}"]:checked`);
    const text = why.querySelector("textarea");
    why.hidden = !text.value && !(given && Number(given.value) < Number(why.dataset.below));
  }
}
const SIGNS = ["pointerdown", "keydown", "wheel", "touchmove"];
function opened() {
  for (const sign of SIGNS) removeEventListener(sign, opened);
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.set("do", "open");
  fetch(form.action, { method: "POST", body, headers: { "X-Keeps": "1" }, keepalive: true }).catch(() => {});
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
  if (form.hasAttribute("data-opens")) for (const sign of SIGNS) addEventListener(sign, opened, { passive: true });
  if (form.hasAttribute("data-keeps")) {
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(keep, QUIET); });
    form.addEventListener("submit", () => clearTimeout(timer));
  }
}
