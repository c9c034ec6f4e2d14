(function () {
  "use strict";
  const root = document.documentElement;
  const keep = (key, value) => { try { localStorage.setItem("zhengfa-" + key, value); } catch (_) { /* private window */ } };
  const kept = (key) => { try { return localStorage.getItem("zhengfa-" + key); } catch (_) { return null; } };
  const ui = document.getElementById("ui"), mode = document.getElementById("mode");
  function speak(language) {
    root.dataset.ui = language;
    root.lang = language === "zh" ? "zh-CN" : "en";
    ui.textContent = language === "zh" ? "EN" : "中";
  }
  function shade(value) { root.dataset.mode = value; }
  ui.onclick = () => { speak(root.dataset.ui === "zh" ? "en" : "zh"); keep("ui", root.dataset.ui); };
  mode.onclick = () => { shade(root.dataset.mode === "dark" ? "light" : "dark"); keep("mode", root.dataset.mode); };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.key === "e") { ui.click(); }
    if (event.key === "d") { mode.click(); }
  });
  speak(kept("ui") || ((navigator.language || "zh").slice(0, 2) === "zh" ? "zh" : "en"));
  shade(kept("mode") || (window.matchMedia && matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
}());
