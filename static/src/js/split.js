/* From 1200 px on, a complaint opens beside the list, in #pane; the list neither moves nor is asked for again.
   The address of the list then names it (?open=TS…), so that going back closes it and a colleague sees the same. */
import { announce, each, on } from "./page.js";
import { keepTyped } from "./typed.js";

const pane = document.getElementById("pane");
const wide = matchMedia("(min-width: 1200px)");
const OFF = "split off";
const stored = () => { try { return localStorage.getItem(OFF); } catch { return null; } };
const isOn = () => wide.matches && !stored();
const listed = () => [...document.querySelectorAll("table.rows a.r-subject")];
const rowOf = (path) => listed().find((link) => link.pathname === path)?.closest("tr");
const numberOf = (path) => path.split("/").at(-2);

/* The address of the complaint that is open, and an act that is still on its way: nothing overtakes it. */
let shown = null, sending = null;

function address(path) {
  const url = new URL(location.href);
  url.searchParams.delete("open");
  if (path) url.searchParams.set("open", numberOf(path));
  return url;
}
function mark(path) {
  each("table.rows tr[aria-current]", (row) => row.removeAttribute("aria-current"));
  rowOf(path)?.setAttribute("aria-current", "true");
}
/* The list becomes narrow or wide; what was under the eye stays there. */
function lay(isOpen, row) {
  const before = row?.getBoundingClientRect().top;
  document.querySelector(".split").classList.toggle("is-open", isOpen);
  pane.hidden = !isOpen;
  if (row) scrollBy(0, row.getBoundingClientRect().top - before);
}
async function open(url, { isBack = false, follows = false } = {}) {
  const path = new URL(url, location.href).pathname;
  if (!isBack) history[shown ? "replaceState" : "pushState"]({ pane: true }, "", address(path));
  lay(true, rowOf(path));
  shown = path;
  mark(path);
  await sending;
  if (shown !== path) return;
  await load("GET", url, { source: pane });
  if (!follows) settle();
}
/* Texts that were not sent are there again when the complaint is. They are kept at the last moment:
   until another complaint has come, this one may still be typed into. */
function leave() {
  const path = pane.querySelector("[data-typed]")?.dataset.typed;
  if (path) keepTyped(path, pane);
}
/* The focus goes to what came, unless its errors or its open form have it. */
function settle() {
  if (!pane.contains(document.activeElement)) pane.focus({ preventScroll: true });
}
function close({ isBack = false } = {}) {
  if (!shown) return;
  leave();
  const row = rowOf(shown);
  shown = null;
  mark(null);
  lay(false, row);
  pane.replaceChildren();
  row?.querySelector("a.r-subject").focus({ preventScroll: true });
  if (!isBack) history.replaceState(null, "", address(null));
}
async function load(verb, url, more = {}) {
  pane.setAttribute("aria-busy", "true");
  await window.htmx.ajax(verb, url, { target: pane, swap: "innerHTML show:none", ...more }).catch(() => {});
  pane.removeAttribute("aria-busy");
  pane.scrollTop = 0;
  freshen();
  pane.querySelector("#errors")?.focus();
  const said = pane.querySelector("[data-said]")?.textContent.trim();
  if (said) announce(said);
}
/* The row of the list says what the pane says; it stays where it is, and chosen if it was. */
function freshen() {
  const template = pane.querySelector("template[data-row]");
  const fresh = template && document.importNode(template.content.querySelector("tr"), true);
  template?.remove();
  const row = fresh && rowOf(fresh.querySelector("a.r-subject").pathname);
  if (!row) return;
  const box = row.querySelector("[name=number]");
  if (box) box.value = fresh.querySelector("[name=number]").value;
  each("td:not(.r-check)", (cell) => cell.remove(), row);
  row.append(...fresh.querySelectorAll("td:not(.r-check)"));
}
/* A complaint that was asked for, not the answer to an act. */
const isAsked = ({ target, requestConfig }) => target === pane && requestConfig?.verb.toLowerCase() === "get";
/* The pane never shows another complaint than the address does. */
function fail() {
  leave();
  pane.replaceChildren(document.importNode(document.getElementById("pane-failed").content, true));
  pane.querySelector("a").href = shown;
}
const isPlain = (event) => !event.defaultPrevented && !event.button && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;

function start() {
  on("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || !isPlain(event) || !isOn()) return;
    const isRow = link.matches("table.rows a.r-subject");
    const isInside = pane.contains(link) && (link.matches("[rel=prev], [rel=next]") || (link.pathname === shown && !link.hash));
    if (link.matches("[data-close-pane]")) { event.preventDefault(); close(); return; }
    if (!isRow && !isInside) return;
    event.preventDefault();
    open(link.href);
  });
  on("submit", (event) => {
    const form = event.target;
    if (!pane.contains(form) || form.method !== "post" || form.matches("[hx-post]") || event.defaultPrevented) return;
    event.preventDefault();
    const { name, value } = event.submitter || {};
    sending = load("POST", form.getAttribute("action"), { source: form, values: name ? { [name]: value } : {} }).then(settle);
  });
  on("htmx:load", () => { if (shown) mark(shown); });
  on("htmx:beforeSwap", ({ detail }) => { if (isAsked(detail) && detail.shouldSwap) leave(); });
  for (const name of ["htmx:responseError", "htmx:sendError"]) on(name, ({ detail }) => { if (isAsked(detail)) fail(); });
  /* The cursor leads, and what is open follows it. */
  on("cursor", (event) => { if (shown) open(event.target.querySelector("a.r-subject").href, { follows: true }); });
  on("keydown", (event) => {
    const isFree = !event.isComposing && !event.target.matches?.("input, select, textarea") && !document.querySelector("dialog[open]");
    if (event.key === "Escape" && shown && isFree) close();
  });
  on("popstate", () => {
    const number = new URL(location.href).searchParams.get("open");
    const path = `${location.pathname}${number}/`;
    if (number) open(rowOf(path)?.querySelector("a.r-subject").href || path, { isBack: true });
    else close({ isBack: true });
  }, window);
  each("[data-split]", (button) => {
    const say = () => button.setAttribute("aria-pressed", String(!stored()));
    button.hidden = false;
    say();
    on("click", () => {
      try { if (stored()) localStorage.removeItem(OFF); else localStorage.setItem(OFF, "1"); } catch { /* refused */ }
      say();
      if (stored()) close();
    }, button);
  });
  /* An address that names a complaint: beside the list, or on a narrow window instead of it. */
  const link = pane.querySelector("a[data-open]");
  if (link && isOn()) open(link.href, { isBack: true });
  else if (link) location.replace(link.href);
}
if (pane) start();
