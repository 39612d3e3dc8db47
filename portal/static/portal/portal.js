// What every page does once it is there: htmx sends the form token, clocks tell the time left, copy buttons copy.
// Every page works without it.

const language = document.documentElement.lang;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
// Below two days a deadline is told in hours: "in 41 hours" is exact where "tomorrow" would be wrong.
const STEPS = [
  ["day", DAY, 2 * DAY],
  ["hour", HOUR, HOUR],
  ["minute", MINUTE, MINUTE],
];

/** The token that Django asks of every change, from the first form of the page that has one. */
export function formToken() {
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

/** The time from now until then in words of the page's language, as in "in 3 days". */
export function timeLeft(until, now = Date.now()) {
  const left = until - now;
  const [unit, size] = STEPS.find(([, , from]) => Math.abs(left) >= from) ?? STEPS.at(-1);
  const format = new Intl.RelativeTimeFormat(language);
  return format.format(Math.trunc(left / size), unit);
}

function tick() {
  for (const time of document.querySelectorAll("time[data-until]")) {
    let left = time.nextElementSibling;
    if (!left?.classList.contains("left")) {
      left = document.createElement("span");
      left.className = "left";
      time.after(left);
    }
    const words = timeLeft(Date.parse(time.dateTime));
    if (left.textContent !== words) left.textContent = words;
  }
}

/** Tell instants as the reader's own clock does, where the page without scripts tells them in UTC. */
function localise() {
  const format = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  for (const time of document.querySelectorAll("time[data-local]")) {
    time.textContent = format.format(new Date(time.dateTime));
  }
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
  const before = button.textContent;
  button.textContent = button.dataset.copied;
  setTimeout(() => (button.textContent = before), 2000);
}

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = formToken();
});
document.addEventListener("htmx:afterSettle", () => {
  tick();
  localise();
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-copy]");
  if (button) copy(button);
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Nobody is signed in here (any more): what was being written stays on no computer that may be another's next.
if ("nobody" in document.body.dataset) {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith("portal.draft.") || key.startsWith("portal.place.")) localStorage.removeItem(key);
    }
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}

localise();
tick();
setInterval(tick, MINUTE / 2);
