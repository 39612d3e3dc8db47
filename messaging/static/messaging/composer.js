// Where one writes: a new message, an answer that quotes, or an edit; and what is asked before it is sent.

import { element } from "./bubble.js";
import { Chosen } from "./chosen.js";
import { Length } from "./length.js";

const TYPING_EVERY = 3000;
const KEPT_AFTER = 300;

export class Composer {
  #data;
  #form;
  #field;
  #about;
  #said;
  #draft;
  #on;
  #chosen;
  #length;
  #mode = { name: "write" };
  #typedAt = 0;
  #keepTimer = 0;
  #handingIn = null;
  #isSilenced = false;
  #besideKept = "";

  /** `on` has `write(text, files, quotes)`, `edit(mode, text)`, `editLast()`, `typing()` and `look(id)` for a message. */
  constructor(form, data, draft, on) {
    this.#data = data;
    this.#form = form;
    this.#draft = draft;
    this.#on = on;
    if (!form) return;
    this.#field = form.elements.body;
    this.#about = document.getElementById("about");
    this.#said = document.getElementById("not-sent");
    this.#isSilenced = form.hidden;
    // What a page without scripts asked of the form is asked by the page itself now.
    this.#field.required = false;
    document.getElementById("keys").hidden = false;
    this.#chosen = new Chosen(form, data, () => this.#keep());
    if (!this.#field.value) this.#field.value = draft.text;
    this.#length = new Length(this.#field, data.longestBody, data.words);
    const { quotes, files = [] } = draft.beside;
    this.#chosen.recall(files);
    this.#readQuotation(quotes);
    this.#besideKept = JSON.stringify(this.#beside);
    this.#showSilence();
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    form.addEventListener("keydown", (event) => this.#key(event));
    this.#field.addEventListener("input", () => this.#typed());
    this.#makeCancelButton();
    window.addEventListener("pagehide", () => this.#keep());
    draft.onBesideGone((before) => {
      if (JSON.stringify(before) !== JSON.stringify(this.#beside)) return;
      this.#chosen.clear();
      if (this.#mode.name === "reply") this.#stopReplying();
      this.#besideKept = JSON.stringify(this.#beside);
    });
    // What was sent or changed in another window is not kept again by this one, where nobody wrote something else.
    draft.onChange((before, now) => {
      if (this.#mode.name !== "edit" && this.text === before) this.text = now;
    });
  }

  /** Whether something can be written here now. */
  get isOpen() {
    return Boolean(this.#field) && !this.#isSilenced;
  }

  get text() {
    return this.#field?.value ?? "";
  }

  set text(text) {
    this.#field.value = text;
    this.#length.show();
  }

  focus() {
    this.#field?.focus();
  }

  /** Quote a message in what is written next. */
  reply(said) {
    this.#quote(said.id);
    this.#keep();
    this.focus();
  }

  /** Let a message of one's own be said in other words. */
  edit(said) {
    const isEdit = this.#mode.name === "edit";
    const before = isEdit ? this.#mode.before : this.text;
    const beside = isEdit ? this.#mode.beside : this.#mode;
    this.#mode = { name: "edit", id: said.id, said: said.body, before, beside };
    this.text = said.body;
    this.#showAbout(this.#data.words.editing, "");
    this.focus();
    this.#field.setSelectionRange(said.body.length, said.body.length);
  }

  /** What was written is on its way: room for the next. */
  done() {
    // With what was sent, the others see nobody typing any more: what comes next is told at once.
    this.#typedAt = 0;
    if (this.#mode.name === "edit") {
      this.#leave();
      return;
    }
    this.text = "";
    this.#chosen.clear();
    this.#stopReplying();
    this.#keep();
    this.focus();
  }

  /** Say at the button why nothing was sent or changed, until it is tried again; false where nothing is written here. */
  say(words) {
    if (!this.#form) return false;
    this.#said.textContent = words;
    this.#said.hidden = !words;
    return true;
  }

  /** The portal has these files no more. */
  handInAnew(files) {
    if (!this.#form) return;
    this.#chosen.handInAnew(files);
    this.#keep();
  }

  /** Put back what was not sent, with its files and what it `quotes`, so that it can be changed. */
  restore(text, files, quotes) {
    if (!this.#form) return;
    this.text = this.text.trim() ? `${text}\n${this.text}` : text;
    this.#chosen.add(files);
    if (quotes) this.#quote(quotes);
    this.#keep();
    this.#showSilence();
    this.focus();
  }

  /** Let nothing be written for now, or again; what was being written stays, and says that it is not lost. */
  silence(isSilenced) {
    if (!this.#form || isSilenced === this.#isSilenced) return;
    const said = document.getElementById("silenced");
    const hadFocus = this.#form.contains(document.activeElement) || document.activeElement === said;
    this.#isSilenced = isSilenced;
    if (isSilenced) this.#handingIn?.abort(new Error("silenced"));
    if (isSilenced && this.#mode.name === "edit") this.#leave();
    this.#keep();
    this.#showSilence();
    if (hadFocus) (isSilenced ? said : this.#field).focus();
  }

  /**
   * Show how far each of the files has come, with the way to give it up, which takes it out of what is chosen.
   * What is returned has a `line` for each, with its `signal` and `onProgress`; it is ended by `end`.
   */
  uploading(files) {
    const lines = new Map(files.map((one, place) => [one, this.#line(one, `uploading-${place}`)]));
    this.#form.querySelector(".form-end").before(...[...lines.values()].map((line) => line.paragraph));
    this.#handingIn = { abort: (why) => lines.forEach((line) => line.abort(why)) };
    // What is sent with the files stands here; written now, it would be lost with it.
    this.#field.readOnly = true;
    this.#chosen.fix(true);
    return {
      line: (one) => lines.get(one),
      end: () => {
        this.#handingIn = null;
        for (const { paragraph } of lines.values()) this.#takeAway(paragraph);
        if (!this.#field) return;
        this.#field.readOnly = false;
        this.#chosen.fix(false);
        for (const [one, line] of lines) if (line.isGivenUp) this.#chosen.takeOut(one);
        this.#keep();
      },
    };
  }

  /** Nothing can be written here any more; the words say why. */
  close(words, { hadFocus = false } = {}) {
    if (!this.#form) return;
    const takesFocus = hadFocus || this.#form.contains(document.activeElement);
    const said = element("p", "closed", words);
    said.tabIndex = -1;
    for (const id of ["silenced", "past-log"]) document.getElementById(id).hidden = true;
    // What was being written can't be sent, but may have cost an hour.
    const text = this.#mode.name === "edit" ? this.#mode.before : this.text;
    this.#form.replaceWith(said);
    if (text.trim()) {
      const kept = element("div", "was-writing");
      kept.append(element("p", "", this.#data.words.wasWriting), quoting(text));
      said.after(kept);
    }
    this.#form = this.#field = null;
    if (takesFocus) said.focus();
  }

  /**
   * Point out what a text tells the other side of its writer, and return whether it is to be sent as it is.
   * The text itself is never changed but by its writer. An `edit` that is left meanwhile is not asked about any more.
   */
  pointOut(text, hints, edit = {}) {
    const words = this.#data.words;
    const panel = element("div", "hints");
    panel.setAttribute("role", "group");
    panel.append(element("p", "", words.tells));
    panel.firstChild.id = "hints-why";
    panel.setAttribute("aria-labelledby", "hints-why");
    panel.append(marked(text, hints));
    const acts = element("p", "hints-acts");
    const change = element("button", "btn btn-secondary", words.changeIt);
    const send = element("button", "btn btn-outline-secondary", words.sendAsIs);
    change.type = send.type = "button";
    acts.append(change, send);
    panel.append(acts);
    // Who goes on writing is told, and keeps the keyboard: the next key would press a button that was not read yet.
    const isWriting = Boolean(this.text) && this.text !== text;
    if (isWriting) panel.firstChild.setAttribute("role", "alert");
    this.#form.before(panel);
    if (!isWriting) change.focus();
    return new Promise((resolve) => {
      const answer = (isSent) => {
        panel.remove();
        if (!isWriting || !this.#form?.contains(document.activeElement)) this.focus();
        resolve(isSent);
      };
      edit.unask = () => answer(false);
      change.addEventListener("click", () => answer(false));
      send.addEventListener("click", () => answer(true));
      panel.addEventListener("keydown", (event) => {
        if (event.key === "Escape") answer(false);
      });
    });
  }

  // --- within

  #line(one, id) {
    const paragraph = element("p", "uploading");
    const bar = element("progress");
    const label = element("label", "", this.#data.words.uploading.replace("%s", one.name));
    bar.id = id;
    bar.max = Math.max(one.size ?? 1, 1);
    bar.value = one.id ? bar.max : 0;
    label.htmlFor = id;
    const stop = element("button", "btn btn-sm btn-outline-secondary", this.#data.words.cancel);
    stop.type = "button";
    stop.append(element("span", "visually-hidden", ` ${one.name}`));
    paragraph.append(label, bar, stop);
    const controller = new AbortController();
    const line = {
      paragraph,
      signal: controller.signal,
      isGivenUp: false,
      abort: (why) => controller.abort(why),
      onProgress(sent, total) {
        bar.max = Math.max(total, 1);
        bar.value = sent;
      },
    };
    stop.addEventListener("click", () => {
      line.isGivenUp = true;
      this.#takeAway(paragraph);
      controller.abort(new Error("given up"));
    });
    return line;
  }

  /** Take away what may hold the keyboard; who was there goes on writing. */
  #takeAway(part) {
    const hadFocus = part.contains(document.activeElement);
    part.remove();
    if (hadFocus) this.focus();
  }

  /** What leads to the page without a quotation where there are no scripts is a button here, pressed by any key of one. */
  #makeCancelButton() {
    const link = document.getElementById("about-cancel");
    const button = element("button", "btn btn-sm btn-outline-secondary", link.textContent);
    button.type = "button";
    button.id = link.id;
    button.addEventListener("click", () => this.#leave());
    link.replaceWith(button);
  }

  #showSilence() {
    document.getElementById("silenced").hidden = !this.#isSilenced;
    document.getElementById("past-log").hidden = this.#isSilenced;
    document.getElementById("composing").disabled = this.#isSilenced;
    this.#form.hidden = this.#isSilenced && !this.text.trim();
  }

  /** What the form says that it answers, or else the draft. */
  #readQuotation(kept) {
    const id = this.#form.elements.quotes?.value;
    if (id) this.#mode = { name: "reply", id };
    else if (kept) this.#quote(kept);
  }

  /** Answer a message of which only the id is known; its words come as soon as they are known. */
  async #quote(id) {
    if (this.#mode.name === "edit") this.#leave();
    const mode = { name: "reply", id };
    this.#mode = mode;
    const { words, parties } = this.#data;
    this.#showAbout(words.replyTo.replace("%s", words.quoted), "");
    const said = await this.#on.look(id);
    if (said && this.#mode === mode) this.#showAbout(words.replyTo.replace("%s", parties[said.sender] ?? ""), said.body);
  }

  /** What is kept beside the text, while an edit does not stand in its place. */
  get #beside() {
    const { name, id } = this.#mode.name === "edit" ? this.#mode.beside : this.#mode;
    return { quotes: name === "reply" ? id : undefined, files: this.#chosen.kept };
  }

  #showAbout(words, body) {
    this.#about.hidden = false;
    this.#about.querySelector(".about-words").textContent = words;
    const block = this.#about.querySelector("blockquote");
    block.hidden = !body;
    block.querySelector("p").textContent = body;
  }

  /** Leave an edit for what was being written before it, or a quotation. */
  #leave() {
    const { name, before, beside, unask } = this.#mode;
    this.#mode.isLeft = true;
    unask?.();
    this.#stopReplying();
    if (name === "edit") {
      this.text = before;
      if (beside.name === "reply") this.#quote(beside.id);
    }
    this.#keep();
    this.focus();
  }

  #stopReplying() {
    this.#mode = { name: "write" };
    this.#hideAbout();
  }

  #hideAbout() {
    this.#showAbout("", "");
    this.#about.hidden = true;
  }

  async #submit() {
    if (this.#mode.isUnderWay) return;
    this.say("");
    const text = this.text;
    const files = this.#chosen.all;
    if (this.#length.over > 0) {
      this.say(this.#length.why);
      return;
    }
    if (this.#mode.name === "edit") {
      await this.#submitEdit(this.#mode, text);
      return;
    }
    if ((!text.trim() && !files.length) || this.#handingIn) return;
    if (files.length > this.#data.mostFiles) {
      this.say(this.#data.words.tooManyFiles.replace("%s", files.length));
      return;
    }
    await this.#on.write(text, files, this.#mode.id);
  }

  /** Change a message once, however often it is asked; what was written meanwhile is not lost with it. */
  async #submitEdit(mode, text) {
    if (!text.trim() || text === mode.said) {
      this.#leave();
      return;
    }
    mode.isUnderWay = true;
    const isChanged = await this.#on.edit(mode, text);
    mode.isUnderWay = false;
    if (!isChanged || this.#mode !== mode) return;
    if (this.text === text) this.done();
    else mode.said = text;
  }

  #key(event) {
    // While signs are composed (Chinese, Japanese, Korean …) each key belongs to the input method.
    if (event.isComposing || event.keyCode === 229) return;
    const isInField = event.target === this.#field;
    if (event.key === "Escape" && !this.#about.hidden) {
      event.preventDefault();
      this.#leave();
    } else if (isInField && event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#submit();
    } else if (isInField && event.key === "ArrowUp" && !this.text) {
      event.preventDefault();
      this.#on.editLast();
    }
  }

  #typed() {
    clearTimeout(this.#keepTimer);
    this.#keepTimer = setTimeout(() => this.#keep(), KEPT_AFTER);
    if (Date.now() - this.#typedAt < TYPING_EVERY) return;
    this.#typedAt = Date.now();
    this.#on.typing();
  }

  #keep() {
    clearTimeout(this.#keepTimer);
    // An edit is no draft: what it is about may be edited for a minute only.
    if (!this.#field) return;
    this.#draft.text = this.#mode.name === "edit" ? this.#mode.before : this.text;
    // What another window chose or answers is not taken back by this one, where nothing changed.
    const beside = JSON.stringify(this.#beside);
    if (beside === this.#besideKept) return;
    this.#besideKept = beside;
    this.#draft.beside = this.#beside;
  }
}

function quoting(text) {
  const block = element("blockquote");
  const body = element("p", "message-body", text);
  body.dir = "auto";
  block.append(body);
  return block;
}

/** The text with the parts that give something away marked, each with what it is. */
function marked(text, hints) {
  // Positions are counted in characters, not in the units of the browser's strings.
  const letters = Array.from(text);
  const block = element("blockquote", "hints-text");
  block.dir = "auto";
  let end = 0;
  for (const hint of hints) {
    block.append(letters.slice(end, hint.start).join(""));
    block.append(element("mark", "", letters.slice(hint.start, hint.end).join("")), ` (${hint.detail})`);
    end = hint.end;
  }
  block.append(letters.slice(end).join(""));
  return block;
}
