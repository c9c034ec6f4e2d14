(function () {
  "use strict";
  var root = document.documentElement, body = document.body;
  var all = function (selector, from) { return Array.prototype.slice.call((from || document).querySelectorAll(selector)); };
  var reports = all(".report"), filters = all(".filter"), chosen = {};
  var keep = function (key, value) { try { localStorage.setItem("zhengfa-" + key, value); } catch (_) { /* private window */ } };
  var kept = function (key) { try { return localStorage.getItem("zhengfa-" + key); } catch (_) { return null; } };
  body.classList.add("js");

  function speak(ui) {
    root.dataset.ui = ui;
    root.lang = ui === "zh" ? "zh-CN" : "en";
    document.getElementById("ui").textContent = ui === "zh" ? "EN" : "中";
    all("[data-zh]").forEach(function (node) { node.placeholder = node.dataset[ui]; });
  }
  function shade(mode) { root.dataset.mode = mode; }
  var dark = window.matchMedia ? matchMedia("(prefers-color-scheme: dark)") : { matches: false };
  speak(kept("ui") || ((navigator.language || "zh").slice(0, 2) === "zh" ? "zh" : "en"));
  shade(kept("mode") || (dark.matches ? "dark" : "light"));
  document.getElementById("ui").onclick = function () { speak(root.dataset.ui === "zh" ? "en" : "zh"); keep("ui", root.dataset.ui); };
  document.getElementById("mode").onclick = function () { shade(root.dataset.mode === "dark" ? "light" : "dark"); keep("mode", root.dataset.mode); };

  function current() { return reports.length > 1 ? document.querySelector(".report.current") : reports[0]; }
  function count() {
    var report = current();
    filters.forEach(function (button) {
      var number = report ? all(".para.body." + button.dataset.theme, report).length : 0;
      button.querySelector(".count").textContent = report ? number : "";
    });
  }
  function filter() {
    var names = Object.keys(chosen), report = current();
    filters.forEach(function (button) { button.setAttribute("aria-pressed", String(button.dataset.theme in chosen)); });
    if (!report) { return; }
    var shown = {};
    all(".para.body", report).forEach(function (para) {
      var fits = !names.length || names.some(function (name) { return para.classList.contains(name); });
      para.classList.toggle("gap", !fits);
      if (fits) { shown[para.dataset.section] = true; }
    });
    all(".para:not(.body), .web", report).forEach(function (para) {
      para.classList.toggle("gap", names.length > 0 && !(para.classList.contains("heading") && inside(para, shown)));
      if (para.classList.contains("web")) { para.hidden = names.length > 0; }
    });
    all(".outline li", report).forEach(function (item) { item.classList.toggle("off", names.length > 0 && !inside(item, shown)); });
  }
  function inside(node, shown) {
    return (node.dataset.sections || "").split(" ").some(function (section) { return shown[section]; });
  }
  function toggle(button) {
    if (button.dataset.theme in chosen) { delete chosen[button.dataset.theme]; } else { chosen[button.dataset.theme] = true; }
    filter();
  }
  filters.forEach(function (button) { button.onclick = function () { toggle(button); }; });

  function open() {
    var name = location.hash.slice(1), target = name && document.getElementById(name);
    var report = target && target.closest && target.closest(".report");
    if (reports.length > 1) {
      reports.forEach(function (other) { other.classList.toggle("current", other === report); });
      body.classList.toggle("reading", Boolean(report));
      if (report) { document.title = report.querySelector("h1").textContent; }
      if (report && target === report) { window.scrollTo(0, 0); } else if (target) { target.scrollIntoView(); }
    }
    count();
    filter();
  }
  function step(by) {
    var at = reports.indexOf(current());
    if (reports.length > 1 && reports[at + by]) { location.hash = reports[at + by].id; }
  }
  window.addEventListener("hashchange", open);
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA)$/.test(event.target.tagName)) { return; }
    if (event.key >= "1" && event.key <= "9" && filters[event.key - 1]) { toggle(filters[event.key - 1]); }
    if (event.key === "0") { chosen = {}; filter(); }
    if (event.key === "ArrowLeft") { step(-1); }
    if (event.key === "ArrowRight") { step(1); }
    if (event.key === "Escape") { all(".tag[open]").forEach(function (tag) { tag.open = false; }); }
  });
  document.addEventListener("click", function (event) {
    all(".tag[open]").forEach(function (tag) { if (!tag.contains(event.target)) { tag.open = false; } });
  });
  all(".search").forEach(function (field) {
    field.oninput = function () {
      var wanted = field.value.trim().toLowerCase();
      all(".entries li").forEach(function (entry) { entry.hidden = entry.textContent.toLowerCase().indexOf(wanted) < 0; });
    };
  });
  if (window.IntersectionObserver) {
    var seen = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (!entry.isIntersecting) { return; }
        var report = entry.target.closest(".report"), link = report.querySelector('.outline a[href="#' + entry.target.id + '"]');
        if (link) { all(".outline a.here", report).forEach(function (other) { other.classList.remove("here"); }); link.classList.add("here"); }
      });
    }, { rootMargin: "-10% 0px -75% 0px" });
    all(".para.heading").forEach(function (heading) { seen.observe(heading); });
  }
  function label(link, report, arrow) {
    if (!report) { link.hidden = true; return; }
    link.href = "#" + report.id;
    link.textContent = arrow + report.querySelector("h1").textContent;
  }
  reports.forEach(function (report, at) {
    label(report.querySelector(".prev"), reports[at - 1], "← ");
    label(report.querySelector(".next"), reports[at + 1], "→ ");
  });
  if (window.innerWidth < 1180) { all(".outline details").forEach(function (outline) { outline.open = false; }); }
  open();
}());
