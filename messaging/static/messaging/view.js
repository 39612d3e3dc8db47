// What the page shows of a conversation: the log in its order, marks, who is here, and how the connection stands.

import { bubble, element, fill, quotation, timeOf } from "./bubble.js";

const TYPING_FOR = 5000;
const NEAR_THE_END = 80;
const STATES = ["sent", "delivered", "read"];

export class View {
  #data;
  #act;
  #log = document.getElementById("log");
  #list = document.getElementById("messages");
  #status = document.getElementById("connection");
  #typing = document.getElementById("typing");
  #here = document.getElementById("here");
  #announcer = document.getElementById("announcer");
  #newer = document.getElementById("newer");
  #title = document.title;
  #isClosed = false;
  #unseen = 0;
  #present = new Set();
  #typist = null;
  #typingTimer = 0;
  // Whether the newest message is kept in sight, and where the log stood when that was last seen.
  #isFollowing = false;
  #top = 0;

  /** `act(name, item)` is called for a button of a message: reply, edit, withdraw. */
  constructor(data, act) {
    this.#data = data;
    this.#act = act;
    const language = document.documentElement.lang;
    data.format = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
    data.day = new Intl.DateTimeFormat(language, { dateStyle: "medium" });
    for (const item of this.#all()) this.#offer(item);
    this.#list.addEventListener("click", (event) => this.#clicked(event));
    this.#newer.addEventListener("click", () => this.toTheEnd());
    this.#log.addEventListener("scroll", () => this.#scrolled());
    // What stands there may grow later, as by a picture, and the log shrink, as by the keyboard of a phone.
    const sizes = new ResizeObserver(() => {
      if (this.#isFollowing) this.toTheEnd();
    });
    sizes.observe(this.#list);
    sizes.observe(this.#log);
    // What could be edited when it was shown can't be for ever.
    setInterval(() => this.#withdrawOffers(), 1000);
  }

  // --- what is around the log

  connection(state) {
    const words = this.#data.words[state] ?? "";
    this.#status.hidden = !words;
    this.#status.textContent = words;
    if (state === "lost") this.#present.clear();
    if (state !== "well") this.#showPresent();
  }

  say(words) {
    this.#status.hidden = false;
    this.#status.textContent = words;
  }

  /** Tell those who listen what others see. */
  announce(words) {
    this.#announcer.textContent = words;
  }

  typing(sender) {
    this.#typist = sender;
    this.#typing.textContent = this.#data.words.typing.replace("%s", this.#data.parties[sender] ?? "");
    clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => (this.#typing.textContent = ""), TYPING_FOR);
  }

  present(sender, isHere) {
    if (isHere) this.#present.add(sender);
    else this.#present.delete(sender);
    if (!isHere && sender === this.#typist) this.#typing.textContent = ""; // who went away types no more
    this.#showPresent();
  }

  #showPresent() {
    const names = [...this.#present].map((party) => this.#data.parties[party]).filter(Boolean);
    this.#here.hidden = names.length === 0;
    this.#here.textContent = names.length ? this.#data.words.here.replace("%s", names.join(", ")) : "";
  }

  /** Count a message of the other side in the title and beside the way to all conversations, until it is seen. */
  unseen(change) {
    this.#unseen = change === 0 ? 0 : this.#unseen + change;
    const apart = document.getElementById("apart-new");
    if (apart) apart.textContent = this.#data.words.newOnes.replace("%s", this.#unseen);
    document.title = this.#unseen ? `(${this.#unseen}) ${this.#title}` : this.#title;
    const badge = document.querySelector("[data-unread]");
    if (!badge) return;
    const all = Number(badge.dataset.unread) + this.#unseen;
    badge.hidden = all === 0;
    badge.querySelector("[data-count]").textContent = all > 99 ? "99+" : all;
  }

  /** Say with whom one talks now. */
  with(others) {
    document.getElementById("with").textContent = others.map((party) => party.display).join(", ");
  }

  get saysWhoIsReached() {
    return Boolean(document.getElementById("reached"));
  }

  /** Say how far the uploader is reached, until it has read something. */
  reach({ state, told_at }) {
    const sentence = document.getElementById("reached");
    const words = this.#data.reach[state];
    if (!sentence) return;
    if (!words) sentence.remove();
    else sentence.textContent = words.replace("%s", told_at ? this.#data.day.format(new Date(told_at)) : "");
  }

  /**
   * Nothing of the conversation stays on a page whose reader has signed out, or takes no part any more: neither what was
   * said or found, nor what it is about, nor what could be done. What its reader was writing stays to be copied; `way`
   * leads on from there.
   */
  forget(way) {
    const page = this.#status.parentElement;
    const hadFocus = page.contains(document.activeElement);
    // What says why is the line on the connection, which is read out as it changes.
    for (const one of [...page.children]) if (one !== this.#status && !one.matches(".was-writing")) one.remove();
    this.#status.tabIndex = -1;
    if (hadFocus) this.#status.focus();
    if (way) {
      const link = element("a", "btn btn-primary", way.words);
      link.href = way.address;
      this.#status.after(link);
    }
    // What waits elsewhere is nobody's business here any more.
    document.querySelector("[data-unread]")?.remove();
    this.#list.replaceChildren();
    this.#present.clear();
  }

  toTheEnd() {
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#isFollowing = true;
    this.#top = this.#log.scrollTop;
    this.#hideNewer();
  }

  /** Only who goes back leaves the end: where the log grows below, it is not its reader who went. */
  #scrolled() {
    if (this.#isAtTheEnd()) {
      this.#isFollowing = true;
      this.#hideNewer();
    } else if (this.#log.scrollTop < this.#top) {
      this.#isFollowing = false;
    }
    this.#top = this.#log.scrollTop;
  }

  /** Who went to the newest by its button reads on there. */
  #hideNewer() {
    const hadFocus = document.activeElement === this.#newer;
    this.#newer.hidden = true;
    if (hadFocus) this.#log.focus({ preventScroll: true });
  }

  /** Begin where the new messages do, or at the end where all of them are in sight there. */
  toTheNew() {
    this.toTheEnd();
    const first = document.getElementById("new");
    if (first && first.offsetTop < this.#log.scrollTop) {
      this.#isFollowing = false;
      this.#log.scrollTop = this.#top = first.offsetTop;
      this.#newer.hidden = false;
    }
  }

  // --- messages

  message(frame) {
    const known = this.find(frame.seq);
    if (known) return;
    const item = bubble(frame, this.#data, this.#known(frame.quotes));
    this.#put(item, frame.seq);
    if (frame.sender !== this.#data.me) this.#typing.textContent = "";
  }

  /** Show a message of ours that the portal does not have yet. */
  waiting(message) {
    if (this.unsent(message.client_id)) return;
    const item = bubble({ ...message, sender: this.#data.me, attachments: [] }, this.#data, this.#known(message.quotes));
    item.dataset.clientId = message.client_id;
    item.classList.add("is-unsent");
    const state = item.querySelector(".message-state");
    for (const { name } of message.files ?? []) {
      const paragraph = element("p", "message-file", name);
      paragraph.dir = "auto";
      state.before(paragraph);
    }
    this.#mark(item, "unsent");
    this.#append(item);
  }

  sent(frame) {
    const known = this.find(frame.seq);
    const item = this.unsent(frame.client_id);
    if (!item) return;
    if (known && known !== item) {
      item.remove();
      return;
    }
    item.classList.remove("is-unsent");
    item.dataset.id = frame.id;
    item.querySelector(".message-head").append(timeOf(frame.sent_at, this.#data));
    this.#put(item, frame.seq);
  }

  refused(clientId, detail) {
    const item = this.unsent(clientId);
    if (!item) return;
    this.#mark(item, "refused");
    item.querySelector(".message-state").append(` ${detail}`);
    this.announce(`${this.#data.words.refused} ${detail}`);
  }

  /** Take back what was not sent after all. */
  drop(clientId) {
    this.unsent(clientId)?.remove();
  }

  /** Show what a message says now, there and wherever it is quoted. */
  revised(message) {
    const item = this.find(message.seq);
    if (item) {
      fill(item, message, this.#data, this.#known(message.quotes));
      this.#tellState(item);
      this.#offer(item);
    }
    for (const block of this.#list.querySelectorAll(`[data-quotes="${message.id}"]`)) {
      block.replaceWith(quotation(message.id, this.#data, message));
    }
    if (message.sender !== this.#data.me) {
      const words = message.withdrawn_at ? this.#data.words.withdrawn : `${this.#data.words.edited}: ${message.body}`;
      this.announce(`${this.#data.parties[message.sender]}: ${words}`);
    }
  }

  /** Say who sent what and who is here, once a party that was unknown is known. */
  names() {
    this.#showPresent();
    for (const item of this.#all()) {
      const name = this.#data.parties[item.dataset.sender];
      if (name) item.querySelector(".message-head strong").textContent = name;
    }
  }

  /** Quotations of messages that are not on this page, by id. */
  unknownQuotes() {
    const blocks = [...this.#list.querySelectorAll("[data-quotes]")];
    return blocks.filter((block) => !block.querySelector("a[href]")).map((block) => block.dataset.quotes);
  }

  /** Tell again of each message of ours how far it came. */
  marks() {
    for (const item of this.#list.querySelectorAll(".is-mine[data-seq]")) this.#tellState(item);
  }

  /** Offer again what can be done to each message, once something of that changed. */
  offers() {
    for (const item of this.#all()) this.#offer(item);
  }

  // --- what happened besides messages

  happened(words, at, link) {
    const item = element("li", "happening");
    item.append(element("span", "happening-words", words));
    if (at) item.append(timeOf(at, this.#data));
    if (link) {
      const way = element("a", "", link.words);
      way.href = link.address;
      item.append(way);
    }
    this.#append(item);
  }

  /** Put the card of a proposal in its place, or at the end where it has none yet. */
  card(id, article) {
    const known = this.#list.querySelector(`[data-proposal="${id}"]`);
    const item = known ?? element("li", "proposal-item");
    item.dataset.proposal = id;
    const hadFocus = item.contains(document.activeElement);
    const before = item.querySelector(".state")?.textContent.trim();
    item.replaceChildren(article);
    if (hadFocus) (item.querySelector("a, button, summary") ?? this.#log).focus();
    const now = item.querySelector(".state")?.textContent.trim();
    // A new card is read out as whatever comes into the log; of one that is there already only what became of it.
    if (known && now && now !== before) this.announce(`${item.querySelector(".proposal-title").textContent.trim()}: ${now}`);
    // It may have been fetched before its reader was silenced, or let write again.
    for (const one of item.querySelectorAll("[data-saying]")) one.hidden = !this.#data.mayWrite;
    if (this.#isClosed) this.#takeWhatWasOpen(item);
    this.#localise(item);
    if (!known) this.#append(item);
  }

  /** Take away what only an open conversation offers, also from cards that come later; say whether one was in it. */
  close() {
    this.#isClosed = true;
    return this.#takeWhatWasOpen(document);
  }

  #takeWhatWasOpen(where) {
    const taken = [...where.querySelectorAll("[data-while-open]")];
    const hadFocus = taken.some((one) => one.contains(document.activeElement));
    for (const one of taken) one.remove();
    return hadFocus;
  }

  hasCard(id) {
    return Boolean(this.#list.querySelector(`[data-proposal="${id}"]`));
  }

  // --- what was said earlier

  /** Put earlier items above the first, without moving what is being read, and return the number of the first message. */
  earlier(items) {
    const isThere = (item) =>
      (item.dataset.seq && this.find(item.dataset.seq)) || (item.dataset.proposal && this.hasCard(item.dataset.proposal));
    const fresh = items.filter((item) => !isThere(item) && !item.classList.contains("message-none"));
    // Who reads at the top goes on from where it is; who is further down is brought to where the earlier ones begin.
    const isAbove = this.#log.scrollTop < this.#log.clientHeight;
    const first = this.#list.firstElementChild;
    const below = this.#log.scrollHeight - this.#log.scrollTop;
    this.#list.prepend(...fresh);
    for (const item of fresh) {
      this.#localise(item);
      if (item.dataset.seq) this.#offer(item);
      if (this.#isClosed) this.#takeWhatWasOpen(item);
    }
    if (isAbove) this.#log.scrollTop = this.#log.scrollHeight - below;
    else this.#log.scrollTop = first.offsetTop - this.#log.clientHeight / 2;
    this.announce(this.#data.words.earlierShown);
    const oldest = this.#list.querySelector(".message[data-seq]");
    return oldest && Number(oldest.dataset.seq);
  }

  /** There is nothing above: who asked for it goes on reading there. */
  noneEarlier(link) {
    const hadFocus = document.activeElement === link;
    link.closest("p").remove();
    if (hadFocus) this.#log.focus();
  }

  // --- finding

  find(seq) {
    return this.#list.querySelector(`[data-seq="${seq}"]`);
  }

  unsent(clientId) {
    return this.#list.querySelector(`[data-client-id="${clientId}"]`);
  }

  /** The ids of what waits to be sent; what was refused waits no more. */
  allUnsent() {
    const waiting = this.#list.querySelectorAll('.is-unsent:has(> .message-state[data-state="unsent"])');
    return [...waiting].map((item) => item.dataset.clientId);
  }

  /** The message with this id, where the page shows it. */
  shown(id) {
    const item = id && this.#list.querySelector(`.message[data-id="${id}"]`);
    return item ? this.said(item) : null;
  }

  /** The last message of ours that can still be edited. */
  lastOfMine() {
    return [...this.#list.querySelectorAll(".is-mine[data-seq]")].reverse().find((item) => this.#canBeEdited(item));
  }

  /** What an item says, as its sender wrote it. */
  said(item) {
    return {
      id: item.dataset.id,
      seq: Number(item.dataset.seq),
      sender: item.dataset.sender,
      body: item.querySelector(":scope > .message-body")?.textContent ?? "",
    };
  }

  goTo(item) {
    item.scrollIntoView({ block: "center" });
    item.tabIndex = -1;
    item.focus({ preventScroll: true });
  }

  #all() {
    return this.#list.querySelectorAll(".message[data-seq]");
  }

  #known(id) {
    const found = this.shown(id);
    return found && { ...found, withdrawn_at: this.find(found.seq).classList.contains("is-withdrawn") };
  }

  #localise(where) {
    for (const time of where.querySelectorAll("time[data-local]")) {
      time.textContent = this.#data.format.format(new Date(time.dateTime));
    }
  }

  // --- what can be done to a message

  #canBeEdited(item) {
    const sent = item.querySelector(".message-head time")?.dateTime;
    const isThere = sent && item.classList.contains("is-mine") && !item.classList.contains("is-withdrawn");
    const isOpen = this.#data.mayWrite && this.#data.mayChange;
    return isThere && isOpen && Date.now() + this.#data.skew - Date.parse(sent) < this.#data.editableFor * 1000;
  }

  #offer(item) {
    item.querySelector(":scope > .message-acts")?.remove();
    if (item.classList.contains("is-withdrawn") && item.classList.contains("is-mine")) return;
    const isMine = item.classList.contains("is-mine");
    const acts = element("p", "message-acts");
    if (this.#data.mayWrite && !item.classList.contains("is-withdrawn")) acts.append(this.#button("reply", item));
    if (isMine && this.#data.mayChange) {
      if (this.#canBeEdited(item)) acts.append(this.#button("edit", item));
      acts.append(this.#button("withdraw", item));
    }
    if (!isMine && !this.#data.reported.includes(item.dataset.id)) {
      const link = element("a", "", this.#data.words.report);
      link.href = this.#data.report.replace(this.#data.nil, item.dataset.id);
      link.append(element("span", "visually-hidden", ` ${item.dataset.seq}`));
      acts.append(link);
    }
    if (acts.childElementCount) item.append(acts);
  }

  #button(name, item) {
    const button = element("button", "", this.#data.words[name]);
    button.type = "button";
    button.dataset.act = name;
    button.append(element("span", "visually-hidden", ` ${item.dataset.seq}`));
    return button;
  }

  #withdrawOffers() {
    for (const button of this.#list.querySelectorAll("[data-act=edit]")) {
      const item = button.closest(".message");
      if (this.#canBeEdited(item)) continue;
      if (button === document.activeElement) item.querySelector("[data-act=withdraw]")?.focus();
      button.remove();
    }
  }

  #clicked(event) {
    const button = event.target.closest("[data-act]");
    if (button) this.#act(button.dataset.act, button.closest(".message"));
    const link = event.target.closest(".message-quoted a[href^='#message-']");
    const quoted = link && document.getElementById(link.hash.slice(1));
    if (quoted) {
      event.preventDefault();
      this.goTo(quoted);
    }
  }

  // --- order and marks

  #tellState(item) {
    if (!item.classList.contains("is-mine") || item.classList.contains("is-withdrawn")) return;
    const seq = Number(item.dataset.seq);
    const marks = Object.values(this.#data.marks);
    const reached = (name) => marks.length > 0 && marks.every((mark) => Math.max(mark[name], mark.read) >= seq);
    this.#mark(item, STATES[reached("read") ? 2 : reached("delivered") ? 1 : 0]);
  }

  #mark(item, state) {
    const paragraph = item.querySelector(".message-state");
    if (paragraph.dataset.state === state) return;
    paragraph.dataset.state = state;
    paragraph.replaceChildren(element("span", `reach reach-${state}`, this.#data.words[state]));
  }

  /** Put a numbered message where it belongs with all that one can do with it, and let it be seen whole. */
  #put(item, seq) {
    const isFollowed = this.#isFollowing || this.#isAtTheEnd();
    this.#place(item, seq);
    this.#tellState(item);
    this.#offer(item);
    if (isFollowed) this.toTheEnd();
  }

  /** Put a numbered message where its number belongs; what is not sent yet stays last. */
  #place(item, seq) {
    item.dataset.seq = seq;
    item.id = `message-${seq}`;
    const later = [...this.#list.children].find(
      (other) => other !== item && (other.classList.contains("is-unsent") || Number(other.dataset.seq) > seq),
    );
    if (!later) this.#append(item);
    else if (item.nextElementSibling !== later) this.#insert(item, later);
  }

  #append(item) {
    const first = item.classList.contains("is-unsent") ? null : this.#list.querySelector(".is-unsent");
    this.#insert(item, first);
  }

  #insert(item, before) {
    const isFollowed = this.#isFollowing || this.#isAtTheEnd();
    this.#list.querySelector(".message-none")?.remove();
    this.#list.insertBefore(item, before);
    if (isFollowed) this.toTheEnd();
    else this.#newer.hidden = false;
  }

  #isAtTheEnd() {
    return this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < NEAR_THE_END;
  }
}
