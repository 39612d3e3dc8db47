// The files that are chosen for a message: a list from which each can be taken out until it is sent.
// What is handed in already has an id and needs its file no more, as after the page was reloaded.

import { element, sizeOf } from "./bubble.js";
import { giveUpFile } from "./upload.js";

export class Chosen {
  #input;
  #data;
  #onChange;
  #files = [];
  #missing = [];
  #isFixed = false;
  #list = element("ul", "chosen");
  #note = element("p", "form-text");

  /** `onChange()` is called when files came or went. */
  constructor(form, data, onChange) {
    this.#input = form.elements.file;
    this.#data = data;
    this.#onChange = onChange;
    this.#list.setAttribute("aria-label", data.words.chosen);
    this.#note.setAttribute("role", "status");
    this.#input.after(this.#list, this.#note);
    this.#input.addEventListener("change", () => this.#chose());
    this.#takeOver(form);
    this.#show();
  }

  /** The files, each with its name, its size and, as far as they are known, its `file` and its `id`. */
  get all() {
    return [...this.#files];
  }

  /** What can be kept of them for the time when the page is left: what must be chosen again has no id. */
  get kept() {
    const missing = this.#missing.map((name) => ({ name }));
    return [...this.#files.map(({ name, size, id }) => (id ? { name, size, id } : { name })), ...missing];
  }

  /** Put back what was kept; that a file must be chosen again is said. */
  recall(kept) {
    this.#missing = kept.filter((one) => !one.id).map((one) => one.name);
    this.#files.push(...kept.filter((one) => one.id));
    this.#show();
  }

  /** Put these before the others. */
  add(files) {
    this.#files.unshift(...files);
    this.#show();
  }

  /** The portal has these no more: what is not here either must be chosen again. */
  handInAnew(files) {
    for (const one of files) one.id = undefined;
    const gone = this.#files.filter((one) => !one.id && !one.file);
    this.#missing.push(...gone.map((one) => one.name));
    this.#files = this.#files.filter((one) => !gone.includes(one));
    this.#show();
  }

  takeOut(one) {
    if (one.id) giveUpFile(one.id);
    this.#files = this.#files.filter((other) => other !== one);
    this.#show();
  }

  clear() {
    this.#files = [];
    this.#missing = [];
    this.#show();
  }

  /** Let nothing come or go, as long as it is handed in. */
  fix(isFixed) {
    this.#isFixed = this.#input.disabled = isFixed;
    for (const button of this.#list.querySelectorAll("button")) button.disabled = isFixed;
  }

  // --- within

  /** What a form without scripts kept is a list here too. */
  #takeOver(form) {
    const boxes = [...form.querySelectorAll("input[name=kept]")];
    const named = (box) => (box.closest("label") ?? box.parentElement).textContent.trim();
    this.#files = boxes.filter((box) => box.checked).map((box) => ({ id: box.value, name: named(box) }));
    boxes[0]?.closest("fieldset").remove();
  }

  #chose() {
    const isKnown = (file) =>
      this.#files.some(
        (one) => one.name === file.name && one.size === file.size && one.file?.lastModified === file.lastModified,
      );
    const fresh = [...this.#input.files].filter((file) => !isKnown(file));
    if (this.#input.files.length) this.#missing = this.#missing.filter((name) => !fresh.some((file) => file.name === name));
    else this.#files = this.#files.filter((one) => !one.file);
    this.#files.push(...fresh.map((file) => ({ file, name: file.name, size: file.size })));
    this.#show();
    this.#onChange();
  }

  #show() {
    const chosen = new DataTransfer();
    for (const { file } of this.#files) if (file) chosen.items.add(file);
    this.#input.files = chosen.files;
    this.#list.hidden = this.#files.length === 0;
    this.#list.replaceChildren(...this.#files.map((one) => this.#item(one)));
    this.#note.textContent = this.#missing.length ? this.#data.words.chooseAgain.replace("%s", this.#missing.join(", ")) : "";
  }

  #item(one) {
    const item = element("li");
    const name = element("bdi", "", one.name);
    const button = element("button", "btn btn-sm btn-outline-secondary", this.#data.words.takeOut);
    button.type = "button";
    button.disabled = this.#isFixed;
    button.append(element("span", "visually-hidden", ` ${one.name}`));
    button.addEventListener("click", () => this.#takenOut(one, item));
    item.append(name, one.size === undefined ? "" : ` (${sizeOf(one.size, this.#data.sizes)})`, " ", button);
    return item;
  }

  /** Who takes out several goes on at the next, or at the last; after the only one, where one chooses. */
  #takenOut(one, item) {
    const place = [...this.#list.children].indexOf(item);
    this.takeOut(one);
    this.#onChange();
    const next = this.#list.children[Math.min(place, this.#files.length - 1)];
    (next?.querySelector("button") ?? this.#input).focus();
  }
}
