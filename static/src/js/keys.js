/* Single keys, for everybody who has not switched them off (WCAG 2.1.4); the dialog #keys names them.
   On a list they move a cursor, which is the focus on the row's link; on a complaint they go to its moves. */
import { each, enter, keep, kept, on } from "./page.js";

const help = document.getElementById("keys");
const place = `cursor ${location.pathname}${location.search}`;
const WANTED = "key";
/* Where a key leads on the page of a complaint, or beside the list. */
const TARGETS = {
  a: "#move-triage > summary, #move-assign > summary, #move-transfer > summary",
  e: "#next .btn-primary",
  n: "#note textarea",
};
const TYPED_INTO = "input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]";

const linkOf = (row) => row?.querySelector("a.r-subject");
const rows = () => [...document.querySelectorAll("table.rows tbody tr")].filter(linkOf);
const cursor = () => document.querySelector("tr.cursor");

function mark(row) {
  each("tr.cursor", (other) => other.classList.remove("cursor"));
  row?.classList.add("cursor");
}
function step(by) {
  const found = rows(), at = found.indexOf(cursor());
  const row = found[at < 0 ? 0 : Math.min(Math.max(at + by, 0), found.length - 1)];
  if (!row) return document.querySelector(`main a[rel=${by > 0 ? "next" : "prev"}]`)?.click();
  mark(row);
  keep(place, linkOf(row).pathname);
  linkOf(row).focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  return row.dispatchEvent(new CustomEvent("cursor", { bubbles: true }));
}
function go(target) {
  const box = target.matches("summary") && target.parentElement;
  if (target.matches("a")) target.click();
  else if (!box) target.focus();
  else if (box.open) enter(box);
  else box.open = true;
}
const act = (key) => { const target = document.querySelector(TARGETS[key]); if (target) go(target); };
/* On the complaint that is shown; else on the one under the cursor, once it is. */
function reach(key) {
  const isBusy = document.querySelector("#pane[aria-busy]");
  if (document.getElementById("next") && !isBusy) { act(key); return; }
  keep(WANTED, key);
  if (!isBusy) linkOf(cursor())?.click();
}
function resume() {
  const key = kept(WANTED), shown = document.querySelector("[data-typed]")?.dataset.typed;
  const wanted = linkOf(cursor())?.pathname || shown;
  if (!key || !shown || shown !== wanted) return;
  keep(WANTED, "");
  act(key);
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  o: () => linkOf(cursor())?.click(),
  x: () => cursor()?.querySelector("input[name=number]")?.click(),
  a: () => reach("a"),
  e: () => reach("e"),
  n: () => reach("n"),
  "/": () => (document.getElementById("search") || document.querySelector(".top-find input"))?.focus(),
  "?": () => help.showModal(),
};
/* 229: an input method has the key. */
const isOurs = (event) => !event.isComposing && event.keyCode !== 229 && !event.ctrlKey && !event.metaKey && !event.altKey
  && !event.defaultPrevented && !help.open && !event.target.matches?.(TYPED_INTO);

if (help) {
  on("keydown", (event) => {
    if (!Object.hasOwn(KEYS, event.key) || !isOurs(event)) return;
    event.preventDefault();
    KEYS[event.key]();
  });
  on("click", (event) => {
    if (event.target.closest("[data-keys]")) { event.preventDefault(); help.showModal(); }
  });
  on("focusin", (event) => { const row = event.target.closest("table.rows tbody tr"); if (linkOf(row)) mark(row); });
  mark(rows().find((row) => linkOf(row).pathname === kept(place)));
  on("htmx:load", resume);
  resume();
  if (!document.getElementById("pane")) keep(WANTED, "");
}
