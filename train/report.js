(function () {
  "use strict";
  var root = document.documentElement;
  var keep = function (key, value) { try { localStorage.setItem("zhengfa-" + key, value); } catch (_) { /* private window */ } };
  var kept = function (key) { try { return localStorage.getItem("zhengfa-" + key); } catch (_) { return null; } };
  document.body.classList.add("js");

  function speak(ui) {
    root.dataset.ui = ui;
    root.lang = ui === "zh" ? "zh-CN" : "en";
    document.getElementById("ui").textContent = ui === "zh" ? "EN" : "中";
  }
  function shade(mode) { root.dataset.mode = mode; }
  var dark = window.matchMedia ? matchMedia("(prefers-color-scheme: dark)") : { matches: false };
  speak(kept("ui") || ((navigator.language || "zh").slice(0, 2) === "zh" ? "zh" : "en"));
  shade(kept("mode") || (dark.matches ? "dark" : "light"));
  document.getElementById("ui").onclick = function () { speak(root.dataset.ui === "zh" ? "en" : "zh"); keep("ui", root.dataset.ui); };
  document.getElementById("mode").onclick = function () { shade(root.dataset.mode === "dark" ? "light" : "dark"); keep("mode", root.dataset.mode); };
})();
