/* What every part of the script uses. */
export const body = document.body;
export const on = (name, act, target = document) => target.addEventListener(name, act);
export const each = (selector, act, root = document) => root.querySelectorAll(selector).forEach(act);
export const keep = (key, value) => { try { sessionStorage.setItem(key, value); } catch { /* full or refused */ } };
export const kept = (key) => { try { return sessionStorage.getItem(key); } catch { return null; } };
/* Said by screen readers, once they have finished what they are saying. */
export const announce = (text) => { document.getElementById("announce").textContent = text; };
/* Into an unfolded move: its first field, or its button where nothing is asked. */
export const enter = (box) => (box.querySelector("select, textarea, input:not([type=hidden])") || box.querySelector("form button"))?.focus();
