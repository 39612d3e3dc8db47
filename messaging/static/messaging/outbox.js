// What was written and is not acknowledged yet, kept in this browser so that a closed window loses nothing.

export class Outbox {
  #key;
  #messages;

  constructor(key) {
    this.#key = key;
    try {
      this.#messages = JSON.parse(localStorage.getItem(key) ?? "[]");
    } catch {
      this.#messages = [];
    }
  }

  all() {
    return [...this.#messages];
  }

  add(message) {
    this.#messages.push(message);
    this.#keep();
  }

  remove(clientId) {
    this.#messages = this.#messages.filter((message) => message.client_id !== clientId);
    this.#keep();
  }

  #keep() {
    try {
      if (this.#messages.length) localStorage.setItem(this.#key, JSON.stringify(this.#messages));
      else localStorage.removeItem(this.#key);
    } catch {
      // A browser that keeps nothing still sends while the page is open.
    }
  }
}
