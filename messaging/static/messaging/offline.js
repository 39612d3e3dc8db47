// The page that stands for a conversation while there is no network: what is written here is sent when there is one.
// It shows nothing of what was said, since nothing of that is kept in the browser.

import { element } from "./bubble.js";
import { Draft, placeIn } from "./drafts.js";
import { Length } from "./length.js";
import { newId, Outbox } from "./outbox.js";

const LOOK_EVERY = 5000;
const conversation = location.pathname.match(/^\/conversations\/([0-9a-f-]{36})\/$/)?.[1];
const me = conversation && placeIn(conversation);
const form = document.getElementById("later");

if (me) {
  const outbox = new Outbox(conversation, me);
  const draft = new Draft(conversation, me);
  const field = form.elements.body;
  const notSent = document.getElementById("not-sent");
  const list = document.getElementById("unsent");
  const show = () => {
    list.replaceChildren();
    for (const message of outbox.all()) {
      const item = element("li", "message is-mine is-unsent");
      const body = element("p", "message-body", message.body);
      body.dir = "auto";
      item.append(body, element("p", "message-state", list.dataset.state));
      list.append(item);
    }
  };
  const keep = () => {
    notSent.hidden = length.over <= 0;
    notSent.textContent = length.over > 0 ? length.why : "";
    if (!field.value.trim() || length.over > 0) return;
    const message = { client_id: newId(), body: field.value };
    const { quotes, files } = draft.beside;
    if (quotes) message.quotes = quotes;
    outbox.add(message);
    // Files wait for the conversation's page, where they can be handed in.
    draft.beside = { files };
    form.reset();
    draft.text = "";
    length.show();
    show();
    field.focus();
  };
  form.hidden = false;
  field.value = draft.text;
  const told = JSON.parse(document.getElementById("length").textContent);
  const length = new Length(field, told.longest, told.words);
  field.addEventListener("input", () => (draft.text = field.value));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      keep();
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    keep();
  });
  show();
}

async function look() {
  try {
    await fetch("/healthz", { cache: "no-store" });
  } catch {
    return;
  }
  location.reload();
}

window.addEventListener("online", look);
setInterval(look, LOOK_EVERY);
