// What the page shows of a conversation. Texts are only ever set as text, never as markup.

const LINK = /https?:\/\/[^\s<>"'()]+[^\s<>"'().,;:!?]/g;
const TYPING_FOR = 5000;
const NEAR_THE_END = 80;

export class View {
  #data;
  #log = document.getElementById("log");
  #list = document.getElementById("messages");
  #status = document.getElementById("connection");
  #typing = document.getElementById("typing");
  #typingTimer = 0;
  #readTo;
  #format;

  constructor(data) {
    this.#data = data;
    this.#readTo = data.readByOthers;
    const language = document.documentElement.lang;
    this.#format = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
    for (const time of this.#list.querySelectorAll("time[data-local]")) {
      time.textContent = this.#format.format(new Date(time.dateTime));
    }
  }

  get token() {
    return document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
  }

  connection(state) {
    this.#status.hidden = state === "well";
    this.#status.textContent = state === "well" ? "" : this.#data.words[state];
  }

  say(words) {
    this.#status.hidden = false;
    this.#status.textContent = words;
  }

  message(frame) {
    if (this.#find(`[data-seq="${frame.seq}"]`)) return;
    const item = this.#item(frame, frame.sender === this.#data.me);
    this.#place(item, frame.seq);
    if (frame.sender === this.#data.me) this.#tellState(item, frame.seq);
    else this.#typing.textContent = "";
  }

  /** Show a message of ours that the portal does not have yet. */
  waiting(message) {
    if (this.#find(`[data-client-id="${message.client_id}"]`)) return;
    const item = this.#item({ ...message, sender: this.#data.me, attachments: [] }, true);
    item.dataset.clientId = message.client_id;
    item.classList.add("is-unsent");
    item.querySelector(".message-state").textContent = this.#data.words.unsent;
    this.#append(item);
  }

  sent(frame) {
    const known = this.#find(`[data-seq="${frame.seq}"]`);
    const item = this.#find(`[data-client-id="${frame.client_id}"]`);
    if (!item) return;
    if (known && known !== item) {
      item.remove();
      return;
    }
    item.classList.remove("is-unsent");
    item.querySelector(".message-head").append(this.#time(frame.sent_at));
    this.#place(item, frame.seq);
    this.#tellState(item, frame.seq);
  }

  refused(clientId, detail) {
    const state = this.#find(`[data-client-id="${clientId}"]`)?.querySelector(".message-state");
    if (state) state.textContent = `${this.#data.words.refused} ${detail}`;
  }

  read(seq) {
    this.#readTo = Math.max(this.#readTo, seq);
    for (const item of this.#list.querySelectorAll(".is-mine[data-seq]")) this.#tellState(item, Number(item.dataset.seq));
  }

  typing(sender) {
    this.#typing.textContent = this.#data.words.typing.replace("%s", this.#data.parties[sender] ?? "");
    clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => (this.#typing.textContent = ""), TYPING_FOR);
  }

  toTheEnd() {
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  #find(selector) {
    return this.#list.querySelector(selector);
  }

  #tellState(item, seq) {
    const words = this.#data.words;
    item.querySelector(".message-state").textContent = seq <= this.#readTo ? words.read : words.sent;
  }

  #time(at) {
    const time = document.createElement("time");
    time.dateTime = at;
    time.textContent = this.#format.format(new Date(at));
    return time;
  }

  #item(frame, isMine) {
    const item = document.createElement("li");
    item.className = isMine ? "message is-mine" : "message";
    const head = this.#paragraph("message-head");
    const sender = document.createElement("strong");
    sender.textContent = this.#data.parties[frame.sender] ?? "";
    head.append(sender);
    if (frame.sent_at) head.append(this.#time(frame.sent_at));
    item.append(head);
    if (frame.body) item.append(this.#body(frame.body));
    for (const file of frame.attachments) item.append(this.#file(file));
    if (isMine) item.append(this.#paragraph("message-state"));
    return item;
  }

  #paragraph(name) {
    const paragraph = document.createElement("p");
    paragraph.className = name;
    return paragraph;
  }

  #body(text) {
    const body = this.#paragraph("message-body");
    body.dir = "auto";
    let end = 0;
    for (const found of text.matchAll(LINK)) {
      body.append(text.slice(end, found.index));
      const link = document.createElement("a");
      link.href = link.textContent = found[0];
      link.rel = "noopener noreferrer nofollow";
      link.target = "_blank";
      body.append(link);
      end = found.index + found[0].length;
    }
    body.append(text.slice(end));
    return body;
  }

  #file(file) {
    const paragraph = this.#paragraph("message-file");
    const link = document.createElement("a");
    link.href = this.#data.attachment.replace("00000000-0000-0000-0000-000000000000", file.id);
    link.download = link.textContent = file.name;
    paragraph.append(link);
    return paragraph;
  }

  /** Put a numbered message where its number belongs; what is not sent yet stays last. */
  #place(item, seq) {
    item.dataset.seq = seq;
    const later = [...this.#list.children].find(
      (other) => other !== item && (other.classList.contains("is-unsent") || Number(other.dataset.seq) > seq),
    );
    if (later) this.#list.insertBefore(item, later);
    else this.#append(item);
  }

  #append(item) {
    const wasAtTheEnd = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < NEAR_THE_END;
    this.#find(".message-none")?.remove();
    this.#list.append(item);
    if (wasAtTheEnd || item.classList.contains("is-mine")) this.toTheEnd();
  }
}
