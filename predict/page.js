(function () {
  "use strict";
  const root = document.documentElement, body = document.body;
  const one = (selector, from) => (from || document).querySelector(selector);
  const all = (selector, from) => Array.from((from || document).querySelectorAll(selector));
  const byId = (id) => document.getElementById(id);
  const keep = (key, value) => { try { localStorage.setItem("zhengfa-" + key, value); } catch (_) { /* private window */ } };
  const kept = (key) => { try { return localStorage.getItem("zhengfa-" + key); } catch (_) { return null; } };
  const filters = all(".filters .filter"), find = byId("find"), found = byId("found"), help = byId("help");
  const entries = all(".entries a").map((link) => ({ id: link.hash.slice(1), title: one(".name", link).textContent, item: link.parentNode }));
  const MOST_MARKS = 3000;
  let chosen = new Set(), here = null;
  body.classList.add("js");

  /* Language and light */
  function speak(ui) {
    root.dataset.ui = ui;
    root.lang = ui === "zh" ? "zh-CN" : "en";
    byId("ui").textContent = ui === "zh" ? "EN" : "中";
    all("[data-zh]").forEach((node) => { node.placeholder = node.dataset[ui]; });
    search();
  }
  function shade(mode) { root.dataset.mode = mode; }
  function otherLanguage() { speak(root.dataset.ui === "zh" ? "en" : "zh"); keep("ui", root.dataset.ui); }
  function otherShade() { shade(root.dataset.mode === "dark" ? "light" : "dark"); keep("mode", root.dataset.mode); }

  /* Reports: several wait as text, so that a page of thousands opens at once; the one that is read is made */
  const report = () => one(".report");
  function make(id) {
    const holder = byId("held-" + id), shown = report();
    if (!holder || (shown && shown.id === id)) { return; }
    byId("reports").innerHTML = holder.textContent;
    watch();
    turnPages(entries.findIndex((entry) => entry.id === id));
  }
  function open() {
    const name = location.hash.slice(1), id = (/^r\d+/.exec(name) || [""])[0];
    if (entries.length) {
      if (id) { make(id); }
      body.classList.toggle("reading", Boolean(id && byId(id)));
    }
    here = null;
    const target = name && byId(name);
    if (target && target !== report()) { target.scrollIntoView(); } else if (entries.length) { window.scrollTo(0, 0); }
    if (report() && (id || !entries.length)) { document.title = one("h1", report()).textContent; }
    count();
    filter();
  }
  function turnPages(at) {
    [[".prev", entries[at - 1], "← "], [".next", entries[at + 1], "→ "]].forEach(([place, other, arrow]) => {
      const link = one(place, report());
      link.hidden = !other;
      if (other) { link.href = "#" + other.id; link.textContent = arrow + other.title; }
    });
  }
  function step(by) {
    const shown = reading() && report(), other = shown && entries[entries.findIndex((entry) => entry.id === shown.id) + by];
    if (other) { location.hash = other.id; }
  }
  const reading = () => !entries.length || body.classList.contains("reading");

  /* Themes and search: a paragraph is shown if it has one of the themes and the words */
  function count() {
    filters.forEach((button) => {
      one(".count", button).textContent = reading() ? all(".para.body." + button.dataset.theme, report()).length : "";
    });
  }
  function filter() {
    filters.forEach((button) => button.setAttribute("aria-pressed", String(chosen.has(button.dataset.theme))));
    if (!reading()) { return; }
    const wanted = find.value.trim().toLowerCase(), names = Array.from(chosen), any = names.length > 0 || wanted !== "";
    const paras = all(".para", report()), sections = new Set(), hits = [];
    paras.forEach((para) => {
      const themed = !names.length || (para.classList.contains("body") && names.some((name) => para.classList.contains(name)));
      const fits = themed && (!wanted || para.firstElementChild.textContent.toLowerCase().includes(wanted));
      para.classList.toggle("gap", any && !fits);
      if (fits) { hits.push(para); sections.add(para.dataset.section); }
    });
    const inside = (node) => (node.dataset.sections || "").split(" ").some((section) => sections.has(section));
    paras.forEach((para) => { if (any && para.classList.contains("heading") && inside(para)) { para.classList.remove("gap"); } });
    all(".web", report()).forEach((web) => { web.hidden = any && !one(".para:not(.gap)", web); if (wanted && !web.hidden) { web.open = true; } });
    all(".outline li", report()).forEach((item) => item.classList.toggle("off", any && !inside(item)));
    found.textContent = wanted ? hits.length : "";
    light(wanted, hits);
  }
  function toggle(theme) {
    if (!chosen.delete(theme)) { chosen.add(theme); }
    filter();
  }
  function light(wanted, paras) {
    if (!window.Highlight || !CSS.highlights) { return; }
    CSS.highlights.delete("found");
    const ranges = [];
    for (const para of wanted ? paras : []) {
      if (ranges.length > MOST_MARKS) { break; }
      ranges.push(...rangesIn(para.firstElementChild, wanted));
    }
    if (ranges.length) { CSS.highlights.set("found", new Highlight(...ranges)); }
  }
  function rangesIn(node, wanted) {
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT), places = [], ranges = [];
    let text = "";
    while (walker.nextNode()) { places.push([text.length, walker.currentNode]); text += walker.currentNode.data.toLowerCase(); }
    const put = (set, at) => { const [start, piece] = places.filter((place) => place[0] <= at).pop(); set(piece, Math.min(at - start, piece.length)); };
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
      const range = new Range();
      put((piece, to) => range.setStart(piece, to), at);
      put((piece, to) => range.setEnd(piece, to + 1), at + wanted.length - 1);
      ranges.push(range);
    }
    return ranges;
  }

  /* The index */
  function search() {
    const field = one(".search"), wanted = field ? field.value.trim().toLowerCase() : "";
    entries.forEach((entry) => { entry.item.hidden = !entry.item.textContent.toLowerCase().includes(wanted); });
  }

  /* Going through paragraphs */
  function go(by) {
    const paras = all(".para:not(.gap)", report()).filter((para) => !para.closest(".web:not([open]), .web[hidden]"));
    const top = 0.3 * window.innerHeight;
    let at = here ? paras.indexOf(here) : -1;
    if (at < 0) { at = paras.findIndex((para) => para.getBoundingClientRect().bottom > top) - (by > 0 ? 1 : 0); }
    const next = paras[Math.max(0, Math.min(paras.length - 1, at + by))];
    if (!next) { return; }
    stand(next);
    next.scrollIntoView({ block: "center" });
  }
  function stand(para) {
    if (here) { here.classList.remove("here"); }
    here = para;
    if (para) { para.classList.add("here"); }
  }
  function why() {
    const tags = here ? all(".tag", here) : [], at = tags.findIndex((tag) => tag.open);
    if (at >= 0) { tags[at].open = false; }
    if (tags[at + 1]) { tags[at + 1].open = true; }
  }
  function close() {
    all(".tag[open]").forEach((tag) => { tag.open = false; });
    stand(null);
    if (document.activeElement === find) { find.blur(); }
    if (find.value) { find.value = ""; filter(); }
  }
  function watch() {
    if (!window.IntersectionObserver || !report()) { return; }
    const links = new Map(all(".outline a", report()).map((link) => [link.hash.slice(1), link]));
    const seen = new IntersectionObserver((items) => items.filter((item) => item.isIntersecting).forEach((item) => {
      links.forEach((link) => link.classList.toggle("here", link === links.get(item.target.id)));
    }), { rootMargin: "-10% 0px -75% 0px" });
    all(".para.heading", report()).forEach((heading) => { if (links.has(heading.id)) { seen.observe(heading); } });
    if (window.innerWidth < 1180) { all(".outline details").forEach((outline) => { outline.open = false; }); }
  }

  /* Keys */
  const keys = {
    j: () => go(1), k: () => go(-1), Enter: why, o: why, 0: () => { chosen = new Set(); filter(); },
    ArrowLeft: () => step(-1), ArrowRight: () => step(1), i: () => { if (entries.length) { location.hash = "index"; } },
    d: otherShade, e: otherLanguage, "?": () => { if (help.showModal) { help.showModal(); } }, Escape: close,
    "/": () => (reading() ? find : one(".search")).focus(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) { return; }
    const writing = /^(INPUT|TEXTAREA)$/.test(event.target.tagName);
    if (writing && event.key !== "Escape") { return; }
    if (event.key === "Enter" && event.target !== body) { return; }
    const theme = /^[1-9]$/.test(event.key) && filters[event.key - 1];
    if (theme) { toggle(theme.dataset.theme); } else if (keys[event.key]) { keys[event.key](); } else { return; }
    event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    if (event.target === help) { help.close(); }
    all(".tag[open]").forEach((tag) => { if (!tag.contains(event.target)) { tag.open = false; } });
  });
  /* An open tag reaches out of its paragraph, which otherwise keeps its paint to itself */
  document.addEventListener("toggle", (event) => {
    const para = event.target.closest && event.target.closest(".para");
    if (para) { para.classList.toggle("open", Boolean(one(".tag[open]", para))); }
  }, true);
  filters.forEach((button) => { button.onclick = () => toggle(button.dataset.theme); });
  byId("ui").onclick = otherLanguage;
  byId("mode").onclick = otherShade;
  byId("keys").onclick = keys["?"];
  find.oninput = filter;
  if (one(".search")) { one(".search").oninput = search; }

  speak(kept("ui") || ((navigator.language || "zh").slice(0, 2) === "zh" ? "zh" : "en"));
  shade(kept("mode") || (window.matchMedia && matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
  window.addEventListener("hashchange", open);
  watch();
  open();
}());
