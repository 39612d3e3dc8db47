// The worker of the conversations' pages: without a network it shows a page that says so, on which one can write.
// It keeps these files and nothing else: nothing of any conversation, and no page that says who is signed in.

const NAME = "portal-conversations-2";
const NOTICE = "/conversations/offline/";
const FILES = [
  "/static/js-lib-bootstrap5/css/bootstrap.min.css",
  "/static/portal/portal.css",
  "/static/portal/mark.svg",
  "/static/messaging/conversation.css",
  "/static/messaging/bubble.js",
  "/static/messaging/drafts.js",
  "/static/messaging/length.js",
  "/static/messaging/offline.js",
  "/static/messaging/outbox.js",
];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll([NOTICE, ...FILES])));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOthers().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  if (method !== "GET") return;
  if (mode === "navigate") event.respondWith(visit(event));
  else if (FILES.includes(new URL(url).pathname)) event.respondWith(file(event.request));
});

async function visit(event) {
  try {
    const answer = await fetch(event.request);
    event.waitUntil(keepNotice(answer.headers.get("Content-Language")));
    return answer;
  } catch (problem) {
    const notice = await caches.match(NOTICE);
    if (notice) return notice;
    throw problem;
  }
}

async function file(request) {
  try {
    return await fetch(request);
  } catch (problem) {
    const kept = await caches.match(request, { ignoreSearch: true });
    if (kept) return kept;
    throw problem;
  }
}

/** Have the notice in the language that its reader has chosen by now. */
async function keepNotice(language) {
  const kept = await caches.match(NOTICE);
  if (!language || kept?.headers.get("Content-Language") === language) return;
  try {
    await (await caches.open(NAME)).add(NOTICE);
  } catch {
    // The one in the other language stays.
  }
}

async function forgetOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("portal-conversations-") && name !== NAME).map((name) => caches.delete(name)));
}
