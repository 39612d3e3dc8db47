// Shows that a message waits, and leads to its conversation. It keeps nothing and looks at no page.
// It has a place of its own (its scope is this folder), and can be imported by another worker as well.

self.addEventListener("push", (event) => {
  let told = {};
  try {
    told = event.data?.json() ?? {};
  } catch {
    // A push that cannot be read still has to show something: browsers withdraw the right to push otherwise.
  }
  const path = typeof told.path === "string" && told.path.startsWith("/conversations/") ? told.path : "/conversations/";
  const shown = { body: told.body ?? "", tag: path, data: { path }, icon: "/static/portal/mark.svg" };
  event.waitUntil(self.registration.showNotification(told.title ?? "…", shown));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(visit(event.notification.data.path));
});

async function visit(path) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = pages.find((page) => new URL(page.url).pathname === path);
  return there ? there.focus() : self.clients.openWindow(path);
}
