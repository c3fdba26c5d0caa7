// What is wrong with the page for those who use it by keyboard, by ear, or on a small screen.
const problems = [];
const all = (selector) => [...document.querySelectorAll(selector)];
const shown = (it) => it.checkVisibility({ visibilityProperty: true });
const name = (it) => (it.getAttribute("aria-label") || it.textContent || it.getAttribute("title") || "").trim();
const told = (it) => it.outerHTML.slice(0, 120);
const root = document.documentElement;

if (!root.lang) problems.push("no language");
if (!document.title) problems.push("no title");
if (root.scrollWidth > root.clientWidth) problems.push(`wider than the screen: ${root.scrollWidth} > ${root.clientWidth}`);
if (all("h1").length !== 1) problems.push(`${all("h1").length} headings of the first level`);
if (all("main").length !== 1) problems.push(`${all("main").length} main landmarks`);

let level = 0;
for (const it of all("h1, h2, h3, h4, h5, h6")) {
  const next = Number(it.tagName[1]);
  if (next > level + 1) problems.push(`h${next} after h${level}: ${told(it)}`);
  level = next;
}
for (const it of all("input, select, textarea")) {
  if (it.type !== "hidden" && !it.labels?.length && !it.getAttribute("aria-label")) problems.push(`no label: ${told(it)}`);
}
for (const it of all("img")) if (!it.hasAttribute("alt")) problems.push(`no alternative text: ${told(it)}`);
for (const it of all("a[href], button")) if (shown(it) && !name(it)) problems.push(`no name: ${told(it)}`);
for (const it of all("nav, [role=region]")) if (!it.getAttribute("aria-label")) problems.push(`no name: ${told(it)}`);
for (const it of all("[id]")) if (all(`[id="${CSS.escape(it.id)}"]`).length > 1) problems.push(`id twice: ${it.id}`);
for (const it of all("nav a, button")) {
  const box = it.getBoundingClientRect();
  if (shown(it) && (box.height < 24 || box.width < 24)) problems.push(`too small to press: ${told(it)}`);
}
for (const it of all("main *")) {
  const box = it.getBoundingClientRect();
  const scrolls = it.closest(".scroll, .tabs, .log");
  if (shown(it) && !scrolls && box.width > 1 && box.right > root.clientWidth + 1) problems.push(`beyond the edge: ${told(it)}`);
}
return problems;
