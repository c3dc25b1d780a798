/* The whole script of CSM, with what it imports. Every page works without it. Words come from the server, in data attributes of <body>. */
import { announce, body, each, enter, keep, kept, on } from "./page.js";
import "./choosing.js";
import "./news.js";
import "./fill.js";
import "./keys.js";
import "./lists.js";
import "./phrases.js";
import "./split.js";
import "./typed.js";

const words = JSON.parse(body.dataset.words || "{}");

/* The server's time: what it said, plus what a clock that nobody can set has counted since. */
const arrival = performance.getEntriesByType("navigation")[0]?.responseStart || 0;
let offset = Number(body.dataset.now) - arrival;
const now = () => performance.now() + offset;
function correct(date) {
  const told = Date.parse(date || "");
  /* The header counts whole seconds: half of one is the best guess. Small differences are the network's. */
  if (told && Math.abs(told + 500 - now()) > 1500) offset = told + 500 - performance.now();
}

/* Clocks: the same rules and words as complaints/clock_face.py. */
const fill = (pattern, values) => pattern.replace(/%\((\w+)\)s/g, (_match, name) => values[name]);
function timeWords(seconds, patterns) {
  const minutes = Math.floor(seconds / 60), hours = Math.floor(minutes / 60), days = Math.floor(hours / 24);
  if (minutes < 1) return patterns.under;
  if (hours < 1) return fill(patterns.minutes, { minutes });
  if (days < 1) return fill(patterns.hours, { hours, minutes: String(minutes % 60).padStart(2, "0") });
  return fill(hours % 24 ? patterns.days_hours : patterns.days, { days, hours: hours % 24 });
}
function tick() {
  const time = now() / 1000;
  let wake = 60;
  each(".ck[data-due]", (clock) => {
    const { due, risk, name, state } = clock.dataset;
    const left = due - time;
    const next = left < 0 ? "over" : risk && time >= risk ? "risk" : "running";
    const span = Math.abs(left);
    const sentence = span < 60 ? words.under[next] : fill(words.sentence[next], { time: timeWords(span, words.long) });
    paint(clock, next, span, sentence);
    if (next !== state) announce(fill(words.spoken, { name, sentence }));
    const change = left < 0 ? 60 - (span % 60) : span % 60;
    wake = Math.min(wake, span < 120 ? 1 : change, risk > time ? risk - time : 60);
  });
  setTimeout(tick, Math.max(wake, 0.25) * 1000 + 20);
}
function paint(clock, state, span, sentence) {
  const value = clock.querySelector(".ck-val"), full = clock.querySelector(".ck-full");
  const key = `${state} ${sentence}`;
  if (clock.dataset.shown === key) return;
  clock.dataset.shown = key;
  clock.dataset.state = state;
  clock.querySelector("use")?.setAttribute("href", `${body.dataset.icons}#s-${state}`);
  if (full) { full.textContent = sentence; return; }
  const time = Object.assign(document.createElement("span"), { className: "ck-time", textContent: timeWords(span, words.short) });
  const [before, after] = words.cell[state].split("%(time)s").map((text) => text.trim());
  const word = Object.assign(document.createElement("span"), { className: "ck-word", textContent: before || after });
  const icon = value.querySelector("svg");
  value.replaceChildren(...(before ? [icon, word, " ", time] : [icon, time, " ", word]));
}

/* A form is sent once: its button says so and stays disabled until another page, or HTMX's answer, comes. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[hx-post], [hx-get], [data-again]") || event.submitter?.matches("[data-again]") || form.getAttribute("method")?.toLowerCase() !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  /* After this turn: the name and value of a disabled button would not be sent. */
  if (event.submitter) setTimeout(() => press(event.submitter));
}, true);
function press(button) {
  button.dataset.label = button.innerHTML;
  button.textContent = body.dataset.submitting;
  button.disabled = true;
}
function release() {
  each("form[data-sent]", (form) => delete form.dataset.sent);
  each("button[data-label]", (button) => { button.innerHTML = button.dataset.label; button.disabled = false; delete button.dataset.label; });
}
on("pageshow", (event) => { if (event.persisted) { release(); askTime(); } }, window);
on("htmx:beforeRequest", (event) => {
  const { triggeringEvent, verb } = event.detail.requestConfig;
  if (triggeringEvent?.submitter && verb !== "get") press(triggeringEvent.submitter);
});
on("htmx:afterRequest", (event) => { correct(event.detail.xhr.getResponseHeader("Date")); release(); });

/* The browser's sleep stops its counter: ask the server what time it is, of a file that costs it nothing. */
const askTime = () => fetch(body.dataset.icons, { method: "HEAD", cache: "no-store" }).then((answer) => correct(answer.headers.get("Date"))).catch(() => {});
on("visibilitychange", () => { if (!document.hidden) askTime(); });

/* HTMX: a failure is said in the news line; a form with errors puts the focus on their summary. */
on("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (!/^\s*<!doctype/i.test(xhr.response)) return;
  /* A whole page came where a part was asked for: the log-in page, or where an act led. */
  event.detail.shouldSwap = false;
  if (new URL(xhr.responseURL).pathname === body.dataset.login) location.reload();
  else location.assign(xhr.responseURL);
});
const focusErrors = (root) => root.querySelector("#errors")?.focus();
on("htmx:afterSwap", (event) => { focusErrors(event.target); title(); });
/* The title begins as that of the whole page would. */
const word = body.dataset.error;
function title() {
  const bare = document.title.startsWith(word) ? document.title.slice(word.length) : document.title;
  document.title = document.getElementById("errors") ? word + bare : bare;
}
for (const name of ["htmx:responseError", "htmx:sendError"]) on(name, (event) => {
  if (event.detail.target?.matches?.("[data-list]")) return;
  /* Without a network the line that says so is in sight already. */
  if (name === "htmx:sendError" && !navigator.onLine) return;
  const reference = event.detail.xhr?.getResponseHeader("CSM-Reference");
  const line = Object.assign(document.createElement("p"), { className: "note note-over small line", textContent: [body.dataset.failed, reference].filter(Boolean).join(" ") });
  document.getElementById("news").replaceChildren(line);
});
const online = () => { const line = document.getElementById("offline"); if (line) line.hidden = navigator.onLine; };
on("online", online, window);
on("offline", online, window);

/* Of a row of tabs that is too long, the current one is in sight. */
each(".tabs [aria-current]", (tab) => { const row = tab.closest(".tabs"); row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2; });

/* A list is found again where it was left. */
const place = `scroll ${location.pathname}${location.search}`;
on("pagehide", () => keep(place, String(scrollY)), window);

/* Small helps, by data attribute. */
on("click", (event) => {
  const copy = event.target.closest("[data-copy]"), theme = event.target.closest("[data-theme]"), close = event.target.closest("[data-close]");
  if (copy) navigator.clipboard?.writeText(copy.dataset.copy).then(() => announce(copy.dataset.copied || ""));
  if (close) { const box = close.closest("details"); box.open = false; box.querySelector("summary").focus(); }
  if (theme) fixTheme(theme.dataset.theme);
  if (event.target.closest("[data-print]")) print();
  each("details.menu[open]", (menu) => { if (!menu.contains(event.target)) menu.open = false; });
});
on("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing) return;
  each("details.menu[open]", (menu) => { menu.open = false; menu.querySelector("summary").focus(); });
});
function fixTheme(theme) {
  const root = document.documentElement;
  if (theme) root.dataset.bsTheme = theme; else delete root.dataset.bsTheme;
  document.cookie = `theme=${theme}; path=/; samesite=lax; max-age=${theme ? 31536000 : 0}`;
  each("[data-theme]", (button) => button.setAttribute("aria-pressed", String(button.dataset.theme === theme)));
}

each("[data-themes]", (box) => { box.hidden = false; });
each("[data-theme]", (button) => button.setAttribute("aria-pressed", String(button.dataset.theme === (document.documentElement.dataset.bsTheme || ""))));
/* A move is entered when it unfolds, unless the summary of errors has the focus. */
const unfolded = (box) => box.open && !document.getElementById("errors") && enter(box);
document.addEventListener("toggle", (event) => event.target.matches("details.confirm") && unfolded(event.target), true);
each("details.confirm", unfolded);
online();
focusErrors(document);
if (!location.hash && performance.getEntriesByType("navigation")[0]?.type !== "navigate" && kept(place)) scrollTo(0, Number(kept(place)));
tick();
