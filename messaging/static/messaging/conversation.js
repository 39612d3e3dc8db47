// The open conversation: what is said appears by itself, what is typed is kept until the portal has it.
// Without this module the page works by its form.

import { Line } from "./line.js";
import { Outbox } from "./outbox.js";
import { View } from "./view.js";

const data = JSON.parse(document.getElementById("conversation-data").textContent);
const form = document.getElementById("compose");
const view = new View(data);
const outbox = new Outbox(`portal.unsent.${data.conversation}.${data.me}`);
const TYPING_EVERY = 3000;
const AGAIN_AFTER = 2000;
// What was refused for good; anything else is sent again.
const FOR_GOOD = new Set(["conflict", "closed", "silenced", "invalid", "too_long", "not_found", "file", "attachments"]);

// Up to here nothing is missing; what came beyond a gap waits in `beyond`.
let complete = data.lastSeq;
const beyond = new Set();
let readTo = data.readSeq;
let typedAt = 0;

const line = new Line(data.socket, {
  opened() {
    line.send({ type: "open", conversation: data.conversation, after: complete });
    outbox.all().forEach(post);
  },
  frame(frame) {
    if (frame.conversation && frame.conversation !== data.conversation) return;
    handlers[frame.type]?.(frame);
  },
  state(state) {
    view.connection(state);
  },
});

const handlers = {
  message(frame) {
    reached(frame.seq);
    view.message(frame);
    markRead();
  },
  ack(frame) {
    reached(frame.seq);
    outbox.remove(frame.client_id);
    view.sent(frame);
  },
  opened(frame) {
    reachedAll(frame.last_seq);
    markRead();
  },
  read(frame) {
    if (frame.sender !== data.me) view.read(frame.seq);
  },
  typing(frame) {
    view.typing(frame.sender);
  },
  error(frame) {
    if (!frame.client_id) return;
    if (FOR_GOOD.has(frame.code)) {
      outbox.remove(frame.client_id);
      view.refused(frame.client_id, frame.detail);
    } else {
      const waiting = outbox.all().find((message) => message.client_id === frame.client_id);
      if (waiting) setTimeout(() => post(waiting), AGAIN_AFTER);
    }
  },
};

function reached(seq) {
  beyond.add(seq);
  while (beyond.delete(complete + 1)) complete += 1;
}

function reachedAll(seq) {
  complete = Math.max(complete, seq);
  for (const one of beyond) if (one <= complete) beyond.delete(one);
}

function post(message) {
  line.send({ type: "send", conversation: data.conversation, ...message });
}

function markRead() {
  if (document.visibilityState !== "visible" || complete <= readTo) return;
  if (line.send({ type: "read", conversation: data.conversation, seq: complete })) readTo = complete;
}

async function upload(file) {
  const body = new FormData();
  body.append("file", file);
  const answer = await fetch(data.files, { method: "POST", body, headers: { "X-CSRFToken": view.token } });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.errors?.[0]?.detail ?? told.detail ?? told.title);
  return told.id;
}

async function submit() {
  const text = form.elements.body.value;
  const file = form.elements.file.files[0];
  if (!text.trim() && !file) return;
  const message = { client_id: crypto.randomUUID?.() ?? uuid(), body: text };
  if (file) {
    try {
      message.attachments = [await upload(file)];
    } catch (problem) {
      view.say(problem.message);
      return;
    }
  }
  outbox.add(message);
  view.waiting(message);
  form.reset();
  form.elements.body.focus();
  post(message);
}

// crypto.randomUUID is missing where the page is not served over https or from this machine.
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
form?.elements.body.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    submit();
  }
});
form?.elements.body.addEventListener("input", () => {
  if (Date.now() - typedAt < TYPING_EVERY) return;
  typedAt = Date.now();
  line.send({ type: "typing", conversation: data.conversation });
});
document.addEventListener("visibilitychange", markRead);

outbox.all().forEach((message) => view.waiting(message));
view.toTheEnd();
line.connect();
