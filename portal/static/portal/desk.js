// The desk by keyboard, and many rows at once: choose all, count what is chosen, move with j and k.
// Every page works without it. The single keys can be turned off, because some who speak to their computer type them.

const SWITCHED_OFF = "desk-keys-off";
const WRITES = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";
const MOVES = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

const rows = () => [...document.querySelectorAll("table[data-desk] tbody tr")];
const boxes = (name) => [...document.querySelectorAll(`input[type=checkbox][name="${CSS.escape(name)}"]`)];
const rowOf = (element) => element?.closest("table[data-desk] tbody tr") ?? null;

/** The row to which a key leads: the next or previous one, the first where none is in hand, never beyond the ends. */
export function placeAfter(place, step, count) {
  if (place < 0) return step > 0 ? 0 : count - 1;
  return Math.min(Math.max(place + step, 0), count - 1);
}

/** Whether of some boxes all, none or a part are ticked. */
export function partOf(ticked) {
  const count = ticked.filter(Boolean).length;
  return count === 0 ? "none" : count === ticked.length ? "all" : "part";
}

function move(step) {
  const all = rows();
  if (all.length === 0) return;
  const next = all[placeAfter(all.indexOf(rowOf(document.activeElement)), step, all.length)];
  next.querySelector("th a, a")?.focus();
}

function choose() {
  const box = rowOf(document.activeElement)?.querySelector("input[type=checkbox]");
  if (!box) return false;
  box.click();
  return true;
}

function search() {
  const field = document.querySelector("input[type=search]");
  field?.focus();
  return Boolean(field);
}

function press(event) {
  const isElsewhere = event.altKey || event.ctrlKey || event.metaKey || event.target.closest(WRITES);
  if (isElsewhere || localStorage.getItem(SWITCHED_OFF)) return;
  let isDone = false;
  if (event.key in MOVES) {
    // The arrows scroll as ever until a row is in hand.
    isDone = event.key.length === 1 || rowOf(document.activeElement) !== null;
    if (isDone) move(MOVES[event.key]);
  } else if (event.key === " " && document.activeElement.matches("a")) {
    isDone = choose();
  } else if (event.key === "/") {
    isDone = search();
  }
  if (isDone) event.preventDefault();
}

/** Put "all" above the boxes of this name, which says by its own state whether all, none or a part are ticked. */
function offerAll(template) {
  const of = template.dataset.chooseAll;
  const members = boxes(of);
  if (members.length < 2) return;
  const whole = template.content.cloneNode(true).firstElementChild;
  const box = whole.querySelector("input");
  const target = template.closest("th") ?? members[0].closest("fieldset")?.querySelector("legend");
  const show = () => {
    const part = partOf(members.map((one) => one.checked));
    [box.checked, box.indeterminate] = [part === "all", part === "part"];
  };
  box.addEventListener("change", () => {
    for (const one of members) one.checked = box.checked;
    members[0].dispatchEvent(new Event("change", { bubbles: true }));
  });
  document.addEventListener("change", show);
  if (target?.matches("th")) target.append(whole);
  else target?.after(whole);
  show();
}

function countChosen(output) {
  const show = () => (output.textContent = String(boxes(output.dataset.countOf).filter((one) => one.checked).length));
  document.addEventListener("change", show);
  show();
}

function offerKeys(help) {
  const box = help.querySelector("input[type=checkbox]");
  box.checked = !localStorage.getItem(SWITCHED_OFF);
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem(SWITCHED_OFF);
    else localStorage.setItem(SWITCHED_OFF, "1");
  });
  help.hidden = false;
  document.addEventListener("keydown", press);
}

document.querySelectorAll("template[data-choose-all]").forEach(offerAll);
document.querySelectorAll("output[data-count-of]").forEach(countChosen);
document.querySelectorAll("[data-desk-keys]").forEach(offerKeys);
