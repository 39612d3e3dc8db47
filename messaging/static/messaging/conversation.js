// The open conversation: what is said appears by itself, what is typed is kept until the portal has it.
// Without this module the page works by its form.

import { call, Refused } from "./api.js";
import { Composer } from "./composer.js";
import { Draft, forgetDrafts } from "./drafts.js";
import { Line } from "./line.js";
import { newId, Outbox } from "./outbox.js";
import { forOthers, giveUpFile, passUnchanged, upload, UploadError } from "./upload.js";
import { View } from "./view.js";

const data = JSON.parse(document.getElementById("conversation-data").textContent);
const AGAIN_AFTER = 2000;
// So long the portal may take to say what a text gives away; where it took longer, twice as long the next time.
const PATIENCE = 4000;
const LONGEST_PATIENCE = 64_000;
// What was refused for good; anything else is sent again.
const FOR_GOOD = new Set(["conflict", "closed", "invalid", "too_long", "not_found", "file", "attachments", "quotes"]);

data.skew = Date.parse(data.now) - Date.now();
data.nil = "00000000-0000-0000-0000-000000000000";

const view = new View(data, (name, item) => acts[name](item));
const outbox = new Outbox(data.conversation, data.me);
const draft = new Draft(data.conversation, data.me);
const composer = new Composer(document.getElementById("compose"), data, draft, {
  write,
  edit,
  editLast() {
    const item = view.lastOfMine();
    if (item) acts.edit(item);
    else view.announce(data.words.noneToEdit);
  },
  typing() {
    line.send({ type: "typing", conversation: data.conversation });
  },
  look: async (id) => view.shown(id) ?? (await unlessAway(() => call("GET", `${data.api}/messages/${id}`))),
});

// Up to here nothing is missing; what came beyond a gap waits in `beyond`.
let complete = data.lastSeq;
const beyond = new Set();
let readTo = data.readSeq;
let readEvent = data.readEvent;
let wasOpened = false;
let patience = PATIENCE;
// Messages that are posted and not answered yet: how each is told what became of it.
const waiting = new Map();
// The files of messages that are not sent yet, to be given back with them.
const files = new Map();
let isDelivering = false;

const line = new Line(data.socket, {
  opened() {
    const wanted = { events: data.lastEvent, with: ["delivered", "presence", "silenced"] };
    line.send({ type: "open", conversation: data.conversation, after: complete, ...wanted });
  },
  frame(frame) {
    if (frame.conversation && frame.conversation !== data.conversation) return;
    handlers[frame.type]?.(frame);
  },
  state(state) {
    view.connection(state);
    if (state !== "well") settleAll("lost");
    if (state === "over") signedOut();
  },
});

// --- what the portal tells

const handlers = {
  message(frame) {
    reached(frame.seq);
    knowSender(frame.sender);
    if (frame.sender !== data.me) unseen();
    // Where earlier messages are shown, it would stand behind a gap.
    if (!data.isApart || view.find(frame.seq)) {
      view.message(frame);
      lookUpQuotations();
    }
    markRead();
  },
  ack(frame) {
    reached(frame.seq);
    const sent = outbox.all().find((message) => message.client_id === frame.client_id);
    outbox.remove(frame.client_id);
    files.delete(frame.client_id);
    view.sent(frame);
    // What its files are called to both sides, and how large they are, only the portal says.
    if (sent?.attachments) {
      for (const { id, name } of filesOf(sent)) data.ownNames[id] = name;
      readAgain(frame.id);
    }
    settle(frame.client_id, "sent");
  },
  opened(frame) {
    reachedAll(frame.last_seq);
    data.lastEvent = Math.max(data.lastEvent, frame.last_event ?? 0);
    markRead();
    deliver();
    if (wasOpened) refresh();
    wasOpened = true;
  },
  read(frame) {
    mark(frame.sender, "read", frame.seq);
  },
  delivered(frame) {
    mark(frame.sender, "delivered", frame.seq);
  },
  presence(frame) {
    view.present(frame.sender, frame.here);
  },
  typing(frame) {
    view.typing(frame.sender);
  },
  silenced(frame) {
    silence(frame.silenced);
  },
  event(frame) {
    happened(frame.event);
  },
  error(frame) {
    if (!frame.client_id) {
      if (frame.code === "not_found" && frame.conversation) leftOut();
      return;
    }
    if (frame.code === "silenced") {
      silence(true);
      takeBack(frame.client_id);
      settle(frame.client_id, "refused");
    } else if (frame.code === "invalid" && filesOfUnsent(frame.client_id).length) {
      // Whatever is wrong, it is not lost; most often the portal has a file no more.
      composer.handInAnew(takeBack(frame.client_id));
      say(frame.detail);
      settle(frame.client_id, "refused");
    } else if (FOR_GOOD.has(frame.code)) {
      outbox.remove(frame.client_id);
      view.refused(frame.client_id, frame.detail);
      settle(frame.client_id, "refused");
      if (frame.code === "closed") close(frame.detail);
    } else {
      settle(frame.client_id, "again");
    }
  },
};

function happened(event) {
  if (!event.number) {
    if (!data.isApart) view.happened(data.words.matter, null, data.matter && { words: data.words.look, address: data.matter });
    return;
  }
  if (event.number <= data.lastEvent) return;
  data.lastEvent = event.number;
  if (data.news.includes(event.kind) && event.by !== data.me) unseen();
  if (event.kind.startsWith("message_")) readAgain(event.message);
  else if (event.kind.startsWith("proposal_")) showProposals(event);
  else if (!data.isApart) view.happened(data.happenings[event.kind] ?? "", event.at);
  if (event.kind === "closed") close(data.words.closed);
  if (/^(uploader|staff)_/.test(event.kind)) refresh();
  markRead();
}

/** Count what its reader does not see, until it is looked at. */
function unseen() {
  if (data.isApart || document.visibilityState !== "visible") view.unseen(1);
}

async function readAgain(id) {
  await unlessAway(async () => view.revised(await call("GET", `${data.api}/messages/${id}`)));
}

async function showProposals(event) {
  for (const id of [event.proposal, event.counter].filter(Boolean)) {
    await unlessAway(async () => {
      const address = data.proposal.replace(data.nil, id);
      const answer = await fetch(address);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const article = answer.ok && page.querySelector("article.proposal");
      if (article && (!data.isApart || view.hasCard(id))) view.card(id, article);
    });
  }
}

async function lookUpQuotations() {
  for (const id of view.unknownQuotes()) await readAgain(id);
}

/** Ask anew who takes part, how far each has read, whether the uploader is reached and whether it is closed. */
async function refresh() {
  await unlessAway(async () => {
    const told = await call("GET", data.api);
    for (const party of told.participants) {
      if (party.id !== data.me) data.parties[party.id] = party.display;
      const known = data.marks[party.id];
      // The answer may be older than what the socket told meanwhile: marks never go back.
      if (known) known.read = Math.max(known.read, party.read_seq);
      if (known) known.delivered = Math.max(known.delivered, party.delivered_seq);
    }
    view.marks();
    view.names();
    view.with(told.participants.filter((party) => party.id !== data.me && !party.left_at));
    view.reach(told.uploader);
    // Whether one may write in an open one the socket says, and newer than this.
    if (told.state === "closed") close(data.words.closed);
  });
}

function knowSender(sender) {
  if (!(sender in data.parties)) {
    data.parties[sender] = "";
    refresh();
  }
}

/** Do what needs the network; without one it is done when the line is back. */
async function unlessAway(act) {
  try {
    return await act();
  } catch (problem) {
    if (!(problem instanceof Refused) && !(problem instanceof TypeError)) throw problem;
    return undefined;
  }
}

/** Show the messages before the first one above it, where one is; otherwise go to their page. */
async function showEarlier(link) {
  if (link.ariaBusy === "true") return;
  link.ariaBusy = "true";
  try {
    const answer = await fetch(link.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const items = answer.ok ? [...page.querySelectorAll("#messages > li")] : [];
    if (!items.length) throw new TypeError("no messages came");
    const earlier = page.getElementById("earlier");
    Object.assign(data.parties, JSON.parse(page.getElementById("conversation-data").textContent).parties);
    data.firstSeq = view.earlier(items) ?? data.firstSeq;
    if (earlier) link.href = earlier.getAttribute("href");
    else view.noneEarlier(link);
  } catch {
    location.assign(link.href);
  } finally {
    link.ariaBusy = "false";
  }
}

// --- marks

function reached(seq) {
  beyond.add(seq);
  while (beyond.delete(complete + 1)) complete += 1;
}

function reachedAll(seq) {
  complete = Math.max(complete, seq);
  for (const one of beyond) if (one <= complete) beyond.delete(one);
}

function markRead() {
  if (document.visibilityState !== "visible" || data.isApart) return;
  view.unseen(0);
  if (complete <= readTo && data.lastEvent <= readEvent) return;
  if (!line.send({ type: "read", conversation: data.conversation, seq: complete, event: data.lastEvent })) return;
  readTo = complete;
  readEvent = data.lastEvent;
}

function mark(party, name, seq) {
  const known = data.marks[party];
  if (!known) return;
  known[name] = Math.max(known[name], seq);
  view.marks();
  // Whoever reads is here; a sentence that the uploader is not may have had its time.
  if (name === "read" && view.saysWhoIsReached) refresh();
}

// --- sending

async function write(text, chosen, quotes) {
  const message = { client_id: newId(), body: text };
  if (quotes) message.quotes = quotes;
  if (chosen.length) {
    if (!(await handedIn(chosen))) return;
    message.attachments = chosen.map((one) => one.id);
    message.files = chosen.map(({ name, size }) => ({ name, size }));
    files.set(message.client_id, chosen);
  }
  outbox.add(message);
  composer.done();
  // What waits is sent from the page on which it will stand.
  if (data.isApart) {
    location.assign(data.page);
    return;
  }
  view.waiting(message);
  view.toTheEnd();
  deliver();
}

/** Hand in what is chosen, and say whether all of it can be sent: none was given up, kept back or refused. */
async function handedIn(chosen) {
  const progress = composer.uploading(chosen);
  try {
    for (const one of chosen) if (!(await oneHandedIn(one, progress.line(one)))) return false;
    for (const one of chosen) if (!(await mayPass(one, progress.line(one)))) return false;
    const givenUp = chosen.filter((one) => progress.line(one).isGivenUp);
    if (givenUp.length) say(data.words.givenUp.replace("%s", givenUp.map((one) => one.name).join(", ")));
    return composer.isOpen && !givenUp.length;
  } finally {
    progress.end();
    if (!composer.isOpen) chosen.forEach(takeFromPortal);
  }
}

/** Hand in one file; false when it was refused. One that is given up holds up no other. */
async function oneHandedIn(one, line) {
  try {
    if (!line.signal.aborted) one.id ??= await upload(one.file, line);
    return true;
  } catch (problem) {
    return line.signal.aborted || notHandedIn(one, problem);
  }
}

/** Ask where the other side would get more of a file than its writer may want; false where it is kept back. */
async function mayPass(one, line) {
  try {
    if (line.signal.aborted) return true;
    const question = data.words[`file_${await forOthers(one.id, line)}`];
    if (question && !window.confirm(`${one.name}\n\n${question}`)) {
      takeFromPortal(one);
      say(data.words.keptBack.replace("%s", one.name));
      return false;
    }
    if (question === data.words.file_withheld) await passUnchanged(one.id, line);
    return true;
  } catch (problem) {
    return line.signal.aborted || notHandedIn(one, problem);
  }
}

function notHandedIn(one, problem) {
  if (one.id && problem.status === 404) {
    composer.handInAnew([one]);
    say(data.words.fileGone.replace("%s", one.name));
    return false;
  }
  say(problem instanceof UploadError ? `${one.name}: ${problem.message}` : data.words.fileWaits);
  return false;
}

/** Leave nothing with the portal of a file that can be handed in again. */
function takeFromPortal(one) {
  if (!one.file || !one.id) return;
  giveUpFile(one.id);
  one.id = undefined;
}

/** Send what waits, one after the other in its order: the next when the portal has the one before. */
async function deliver() {
  if (isDelivering || data.isApart) return;
  isDelivering = true;
  try {
    for (let next = outbox.all()[0]; next && composer.isOpen; next = outbox.all()[0]) {
      const became = await deliverOne(next);
      if (became === "lost") break;
      if (became === "again") await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER));
    }
  } finally {
    isDelivering = false;
  }
}

async function deliverOne(message) {
  if (!message.approved) {
    const hints = await hintsOf(message.body);
    if (hints === null) return noAnswer();
    if (hints.length && !(await composer.pointOut(message.body, hints))) {
      takeBack(message.client_id);
      return "refused";
    }
    // Meanwhile it may have been given back, or sent by another window.
    if (!outbox.all().some((one) => one.client_id === message.client_id)) return "refused";
    outbox.approve(message.client_id);
  }
  const { approved: _approved, files: _files, ...told } = message;
  view.waiting(message); // another window may have written it
  if (!line.send({ type: "send", conversation: data.conversation, ...told })) return "lost";
  return new Promise((resolve) => waiting.set(message.client_id, resolve));
}

/** Nobody could be asked what a text gives away: where the line stands it is slow, and is waited for longer each time. */
function noAnswer() {
  if (!line.isThere) return "lost";
  patience = Math.min(patience * 2, LONGEST_PATIENCE);
  view.connection("slow");
  return "again";
}

/** Give a message that was not sent back to its writer, as what is being written, and return its files. */
function takeBack(clientId) {
  const message = outbox.all().find((one) => one.client_id === clientId);
  if (!message) return [];
  outbox.remove(clientId);
  view.drop(clientId);
  const chosen = files.get(clientId) ?? filesOf(message);
  composer.restore(message.body, chosen, message.quotes);
  files.delete(clientId);
  return chosen;
}

function filesOfUnsent(clientId) {
  return outbox.all().find((one) => one.client_id === clientId)?.attachments ?? [];
}

/** The files of a message that was written before the page was loaded: they are handed in, and known by what was kept. */
function filesOf(message) {
  return (message.attachments ?? []).map((id, place) => ({ id, name: "", ...message.files?.[place] }));
}

/** What a text gives away of its writer; null while nobody can be asked. */
async function hintsOf(text) {
  if (!text.trim()) return [];
  try {
    const told = await call("POST", `${data.api}/hints`, { body: text }, patience);
    if (patience > PATIENCE && line.isThere) view.connection("well");
    patience = PATIENCE;
    return told.hints;
  } catch (problem) {
    // A refusal here is none of the message: that is sent, and refused by itself where it must be.
    return problem instanceof Refused ? [] : null;
  }
}

/** Say why something was not done where one looks: at the button, or above the messages where there is none. */
function say(words) {
  if (!composer.say(words)) view.say(words);
}

function settle(clientId, became) {
  waiting.get(clientId)?.(became);
  waiting.delete(clientId);
}

function settleAll(became) {
  for (const clientId of [...waiting.keys()]) settle(clientId, became);
}

// --- what one does to a message

const acts = {
  reply(item) {
    composer.reply(view.said(item));
  },
  edit(item) {
    composer.edit(view.said(item));
  },
  async withdraw(item) {
    if (!window.confirm(data.words.withdrawAsk)) return;
    await change(`${data.api}/messages/${item.dataset.id}/withdrawal`);
    composer.focus();
  },
};

async function edit(mode, text) {
  const hints = await hintsOf(text);
  if (hints?.length && !(await composer.pointOut(text, hints, mode))) return false;
  return !mode.isLeft && change(`${data.api}/messages/${mode.id}/revision`, { body: text });
}

async function change(address, given) {
  try {
    view.revised(await call("POST", address, given));
    return true;
  } catch (problem) {
    say(problem instanceof Refused ? problem.message : data.words.notChanged);
    return false;
  }
}

// --- the end

/** Let its reader write here no more, or again. What is not on its way yet is given back, so that it never goes later. */
function silence(isSilenced) {
  if (!data.mayChange || data.mayWrite === !isSilenced) return;
  data.mayWrite = !isSilenced;
  composer.silence(isSilenced);
  for (const one of document.querySelectorAll("[data-saying]")) one.hidden = isSilenced;
  if (isSilenced) for (const { client_id } of outbox.all().reverse()) if (!waiting.has(client_id)) takeBack(client_id);
  view.offers();
}

function close(words) {
  data.mayWrite = data.mayChange = false;
  const hadFocus = view.close();
  composer.close(words, { hadFocus });
  view.offers();
}

function signedOut() {
  forgetDrafts();
  composer.close(data.words.over);
  view.forget({ words: data.words.signIn, address: data.signIn });
  document.title = data.words.signedOut;
}

/** Who takes no part any more, as staff that left, reads and writes here no more. */
function leftOut() {
  data.mayWrite = data.mayChange = false;
  composer.close(data.words.leftOut);
  view.connection("leftOut");
  view.forget();
}

document.addEventListener("visibilitychange", markRead);
window.addEventListener("storage", () => {
  // What another window sent comes as any message does.
  const kept = new Set(outbox.all().map((message) => message.client_id));
  for (const id of view.allUnsent()) if (!kept.has(id) && !waiting.has(id)) view.drop(id);
});
window.addEventListener("load", () => {
  // Only in a secure context, and only a convenience: without it the page does all but open without a network.
  navigator.serviceWorker?.register(data.worker, { scope: data.scope }).catch(() => {});
});

if (!data.isApart) outbox.all().forEach((message) => view.waiting(message));
if (!location.hash) view.toTheNew();
document.getElementById("earlier")?.addEventListener("click", (event) => {
  // Who asks for another window, or whose browser can't get them, goes to their page.
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  showEarlier(event.currentTarget);
});
line.connect();
