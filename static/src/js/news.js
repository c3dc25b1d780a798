/* What is new: a small part is asked for again and again, and only that part changes; no row moves.
   <div data-news="/address/" [data-every="20"] [data-at-once]>: seconds while the tab is seen, three times as many while it is hidden. */
import { each, on } from "./page.js";

const SLOWEST = 300;
/* Never sooner than promised: twenty seconds become 20 to 24, a minute 60 to 72. */
const jitter = () => 1 + Math.random() / 5;

class News {
  constructor(line) {
    this.line = line;
    this.failures = 0;
    this.askedAt = performance.now();
    if (line.hasAttribute("data-at-once")) this.ask(); else this.wait();
  }
  /* After failures twice as long each time, at most five minutes. */
  get seconds() {
    const usual = Number(this.line.dataset.every || 20) * (document.hidden ? 3 : 1);
    return Math.min(usual * 2 ** this.failures, Math.max(usual, SLOWEST)) * jitter();
  }
  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), this.seconds * 1000);
  }
  /* Who comes back to the tab need not wait out the longer while. */
  wake() {
    const usual = Number(this.line.dataset.every || 20) * 1000;
    if (!document.hidden && !this.failures && performance.now() - this.askedAt > usual) this.ask();
  }
  async ask() {
    clearTimeout(this.timer);
    if (!this.line.isConnected) return known.delete(this.line);
    this.askedAt = performance.now();
    try {
      /* The browser keeps the last answer and its ETag: nothing new costs the server a 304. */
      const answer = await fetch(this.line.dataset.news, { redirect: "manual", headers: { "HX-Request": "true" } });
      if (answer.status >= 500) throw new Error(answer.statusText);
      /* Signed out, or out of sight: there will be no more news. */
      if (!answer.ok) return null;
      this.show(await answer.text());
      this.failures = 0;
    } catch { this.fail(); }
    return this.wait();
  }
  /* One lost answer is nothing; after two the page says how old it is. */
  fail() {
    this.failures += 1;
    const stale = this.line.nextElementSibling;
    if (this.failures > 1 && stale?.matches("template.news-stale")) this.show(stale.innerHTML);
  }
  show(text) {
    if (this.shown === text || this.line.contains(document.activeElement)) return;
    this.shown = text;
    this.line.innerHTML = text;
    this.line.dispatchEvent(new CustomEvent("news", { bubbles: true }));
  }
}
const known = new Map();
const start = () => each("[data-news]", (line) => { if (!known.has(line)) known.set(line, new News(line)); });
on("visibilitychange", () => known.forEach((news) => news.wake()));
on("htmx:load", start);
start();
