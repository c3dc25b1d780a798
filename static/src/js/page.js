/* What every part of the script uses. */
export const body = document.body;
export const on = (name, act, target = document) => target.addEventListener(name, act);
export const each = (selector, act, root = document) => root.querySelectorAll(selector).forEach(act);
export const keep = (key, value) => { try { sessionStorage.setItem(key, value); } catch { /* full or refused */ } };
export const kept = (key) => { try { return sessionStorage.getItem(key); } catch { return null; } };
/* Said by screen readers, once they have finished what they are saying. */
export const announce = (text) => { document.getElementById("announce").textContent = text; };
