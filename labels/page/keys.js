// From a keydown to the name of what it asks for; null where the key belongs to somebody else.
const CODES = { KeyS: "s", KeyU: "u", KeyN: "n", KeyJ: "j", KeyK: "k", KeyR: "r", KeyF: "f", KeyL: "l" };
const NAMES = new Set(["Enter", "Escape", "?", ...Object.values(CODES), ..."0123456789"]);
const REPEATABLE = new Set(["j", "k"]);
const WRITABLE = "input, textarea, select, [contenteditable]";

export function isWriting(target) {
  return Boolean(target && target.closest && target.closest(WRITABLE));
}

export function keyOf(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) { return null; }
  // While an input method composes, its keys are not ours; with one switched on, letters come as "Process".
  if (event.isComposing) { return null; }
  let key = event.key === "Process" || event.keyCode === 229 ? CODES[event.code] || digit(event.code) : event.key;
  if (key === "？") { key = "?"; }
  if (key && key.length === 1) { key = key.normalize("NFKC").toLowerCase(); }
  if (key === "Process" && event.code === "Slash" && event.shiftKey) { key = "?"; }
  if (!NAMES.has(key) || (event.repeat && !REPEATABLE.has(key))) { return null; }
  // A button that was reached by Tab keeps its own Enter.
  if (key === "Enter" && event.target.closest && event.target.closest("button, a, summary")) { return null; }
  return key;
}

function digit(code) {
  const match = /^(?:Digit|Numpad)([0-9])$/.exec(code || "");
  return match ? match[1] : null;
}
