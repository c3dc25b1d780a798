/* Builds static/dist/ from the pinned npm packages and static/src/. Run: npm run build
   - tabler.min.css  Tabler without the rules that no page uses (the whole file is 600 KB)
   - csm.css csm.js public.js  ours, minified; the last for pages without login
   - charts.js       ECharts and our charts, for the pages that have some
   - htmx.min.js     copied
   - icons.svg       one symbol for each icon that is used: our clock shapes, Tabler for the rest
   - favicon.svg     copied */
import { access, cp, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import esbuild from "esbuild";
import { PurgeCSS } from "purgecss";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const SRC = join(ROOT, "static", "src");
const DIST = join(ROOT, "static", "dist");
const TABLER = join(ROOT, "node_modules", "@tabler", "core", "dist", "css", "tabler.min.css");
const ICONS = join(ROOT, "node_modules", "@tabler", "icons", "icons", "outline");
const APPS = ["organisation", "customers", "complaints", "surveys", "staff", "reports"];
/* The order is the cascade. */
const SHEETS = ["tokens", "base", "shell", "controls", "clock", "rows", "pages", "rooms", "policies", "imports", "explained", "keys", "split", "orders", "phone", "register", "public", "sheet", "results", "print"];
/* Components that a form widget or a later page may name: all their rules stay. */
const KEPT = {
  standard: [/^btn(-primary|-danger|-sm)?$/, /^card$/],
  greedy: [/^form-(control|select|check-input)$/],
};

async function filesBelow(folder, suffixes) {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return found
    .filter((entry) => entry.isFile() && suffixes.some((suffix) => entry.name.endsWith(suffix)))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

const templateFiles = async () =>
  (await Promise.all(
    [join(ROOT, "templates"), ...APPS.map((app) => join(ROOT, app, "templates"))].map((folder) =>
      filesBelow(folder, [".html"]),
    ),
  )).flat();

async function tabler(templates) {
  const forms = (await Promise.all(APPS.map((app) => filesBelow(join(ROOT, app), [".py"])))).flat();
  const [{ css }] = await new PurgeCSS().purge({
    content: [...templates, ...forms.filter((path) => path.includes("forms"))],
    css: [TABLER],
    safelist: KEPT,
    variables: true,
    keyframes: true,
    fontFace: true,
  });
  const { code } = await esbuild.transform(css, { loader: "css", minify: true, legalComments: "inline" });
  return code;
}

async function sheet() {
  const texts = SHEETS.map((name) => readFile(join(SRC, "css", `${name}.css`), "utf8"));
  const { code } = await esbuild.transform((await Promise.all(texts)).join("\n"), {
    loader: "css",
    minify: true,
  });
  return code;
}

/* csm.js imports the others: one file each for a concern. */
async function script(name) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(SRC, "js", name)],
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    target: "es2020",
  });
  return outputFiles[0].text;
}

/* Icons named by a literal in a template, and those that Python chooses (icons.txt). */
async function iconNames(templates) {
  const listed = (await readFile(join(SRC, "icons", "icons.txt"), "utf8")).split(/\s+/);
  const texts = await Promise.all(templates.map((path) => readFile(path, "utf8")));
  const literal = texts.flatMap((text) =>
    [...text.matchAll(/\{% icon "([\w-]+)"/g)].map((match) => match[1]),
  );
  return [...new Set([...listed, ...literal])].filter(Boolean).sort();
}

async function symbol(name) {
  const own = join(SRC, "icons", `${name}.svg`);
  const isOwn = await access(own).then(() => true, () => false);
  const path = isOwn ? own : join(ICONS, `${name}.svg`);
  const text = await readFile(path, "utf8").catch(() => {
    throw new Error(`No icon "${name}": neither in static/src/icons nor in Tabler's outline set.`);
  });
  const [, box] = text.match(/viewBox="([^"]+)"/);
  const inner = text
    .slice(text.indexOf(">", text.indexOf("<svg")) + 1, text.lastIndexOf("</svg>"))
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "")
    .replace(/\s+/g, " ")
    .trim();
  /* Tabler draws on 24 units, we on 16: the same line at the same size. */
  const width = isOwn ? "1.6" : "2";
  return `<symbol id="${name}" viewBox="${box}" fill="none" stroke="currentColor" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round">${inner}</symbol>`;
}

async function sprite(templates) {
  const symbols = await Promise.all((await iconNames(templates)).map(symbol));
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("\n")}</svg>\n`;
}

async function build() {
  const templates = await templateFiles();
  const next = `${DIST}.next`;
  await rm(next, { recursive: true, force: true });
  await mkdir(next, { recursive: true });
  const made = {
    "tabler.min.css": await tabler(templates),
    "csm.css": await sheet(),
    "csm.js": await script("csm.js"),
    "public.js": await script("public.js"),
    "charts.js": await script("charts.js"),
    "icons.svg": await sprite(templates),
  };
  for (const [name, text] of Object.entries(made)) await writeFile(join(next, name), text);
  await cp(join(ROOT, "node_modules", "htmx.org", "dist", "htmx.min.js"), join(next, "htmx.min.js"));
  await cp(join(SRC, "favicon.svg"), join(next, "favicon.svg"));
  /* Swap at the end: a failed build leaves the old files in place. */
  await rm(DIST, { recursive: true, force: true });
  await rename(next, DIST);
  for (const [name, text] of Object.entries(made)) {
    console.log(`${relative(ROOT, join(DIST, name))}  ${(Buffer.byteLength(text) / 1024).toFixed(1)} KB`);
  }
}

await build();
