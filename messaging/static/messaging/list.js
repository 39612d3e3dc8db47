// The list of conversations: it asks anew what is unread, and shows it where it stands, while somebody looks.

const EVERY = 15_000;

async function refresh() {
  if (document.visibilityState !== "visible") return;
  let page;
  try {
    const answer = await fetch(location.href);
    if (!answer.ok || answer.redirected) return;
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return; // without a network the list stays as it is
  }
  for (const selector of ["#conversations", "[data-unread]"]) {
    const [old, fresh] = [document.querySelector(selector), page.querySelector(selector)];
    if (old && fresh && old.outerHTML !== fresh.outerHTML) replace(old, fresh);
  }
  document.title = page.title;
}

function replace(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  old.replaceWith(fresh);
  if (focused) fresh.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
}

setInterval(refresh, EVERY);
document.addEventListener("visibilitychange", refresh);
window.addEventListener("pageshow", (event) => {
  if (event.persisted) refresh();
});
const { worker, scope } = document.getElementById("conversations").dataset;
window.addEventListener("load", () => navigator.serviceWorker?.register(worker, { scope }).catch(() => {}));
