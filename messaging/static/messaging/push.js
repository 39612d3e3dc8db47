// The part of the preferences in which this browser is told by push, or no more. Without scripts it is not shown.

const ADDRESS = "/api/v1/me/messaging/push";
const part = document.getElementById("push");
const words = (name) => (part.querySelector("[role=status]").textContent = part.dataset[name]);

if (part) {
  part.hidden = false;
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) words("unable");
  else await offer();
}

async function offer() {
  const registration = await navigator.serviceWorker.register(part.dataset.worker);
  const [on, off] = [part.querySelector("[data-act=on]"), part.querySelector("[data-act=off]")];
  const show = (subscription) => {
    on.hidden = Boolean(subscription);
    off.hidden = !subscription;
    words(subscription ? "on" : "off");
  };
  const guarded = (act) => async () => {
    on.disabled = off.disabled = true;
    try {
      show(await act());
      (on.hidden ? off : on).focus();
    } catch {
      words(Notification.permission === "denied" ? "denied" : "failed");
    } finally {
      on.disabled = off.disabled = false;
    }
  };
  on.addEventListener("click", guarded(() => subscribe(registration)));
  off.addEventListener("click", guarded(() => unsubscribe(registration)));
  show(await registration.pushManager.getSubscription());
}

async function subscribe(registration) {
  if ((await Notification.requestPermission()) !== "granted") throw new Error("not allowed");
  const active = await whenActive(registration);
  const key = bytes(part.dataset.key);
  const subscription = await active.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  try {
    await tell(ADDRESS, subscription.toJSON());
  } catch (problem) {
    await subscription.unsubscribe();
    throw problem;
  }
  return subscription;
}

async function unsubscribe(registration) {
  const subscription = await registration.pushManager.getSubscription();
  if (!subscription) return null;
  await tell(`${ADDRESS}/removal`, { endpoint: subscription.endpoint });
  await subscription.unsubscribe();
  return null;
}

/** A worker that was only just registered cannot subscribe before it is active. */
async function whenActive(registration) {
  const worker = registration.installing ?? registration.waiting;
  if (worker && !registration.active) {
    await new Promise((done) => worker.addEventListener("statechange", () => worker.state === "activated" && done()));
  }
  return registration;
}

async function tell(address, given) {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
  const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token };
  const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(given) });
  if (!answer.ok) throw new Error(String(answer.status));
}

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}
