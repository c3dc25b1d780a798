/* A list that is read anew shows its bones after a while; one that could not be read keeps its filters, says so, and offers to try again.
   <div data-list> is the target of the request; the two templates stand on its page (_parts/list_states.html). */
import { on } from "./page.js";

const part = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
const listOf = (event) => (event.detail.target?.matches?.("[data-list]") ? event.detail.target : null);
function cover(list, piece) {
  const rows = list.querySelector("[data-rows]") || list;
  rows.querySelector(":scope > .list-cover")?.remove();
  if (piece) { piece.classList.add("list-cover"); rows.append(piece); }
}
on("htmx:beforeRequest", (event) => {
  const list = listOf(event);
  if (list) { list.setAttribute("aria-busy", "true"); cover(list, part("list-bones")); }
});
on("htmx:afterRequest", (event) => {
  const list = listOf(event);
  if (!list) return;
  list.removeAttribute("aria-busy");
  const { xhr, pathInfo, successful } = event.detail;
  if (successful || (xhr?.status >= 400 && xhr.status < 500)) return cover(list, null);
  const broken = part("list-broken"), reference = xhr?.getResponseHeader("CSM-Reference");
  broken.querySelector("a").href = pathInfo.finalRequestPath;
  broken.querySelector("[data-reference]").textContent = reference || "–";
  cover(list, broken);
});
