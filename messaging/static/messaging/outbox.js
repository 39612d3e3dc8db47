// What was written and is not acknowledged yet, kept in this browser so that a closed window loses nothing.

export class Outbox {
  #key;
  #messages = [];

  constructor(conversation, me) {
    this.#key = `portal.unsent.${conversation}.${me}`;
    this.#read();
  }

  all() {
    this.#read();
    return [...this.#messages];
  }

  add(message) {
    this.#read();
    this.#messages.push(message);
    this.#keep();
  }

  /** Note that its writer was told what the message gives away, and wants it sent. */
  approve(clientId) {
    this.#read();
    for (const message of this.#messages) if (message.client_id === clientId) message.approved = true;
    this.#keep();
  }

  remove(clientId) {
    this.#read();
    this.#messages = this.#messages.filter((message) => message.client_id !== clientId);
    this.#keep();
  }

  // Read each time: the same conversation may be open in another window of this browser.
  #read() {
    try {
      this.#messages = JSON.parse(localStorage.getItem(this.#key) ?? "[]");
    } catch {
      // A browser that keeps nothing still sends while the page is open.
    }
  }

  #keep() {
    try {
      if (this.#messages.length) localStorage.setItem(this.#key, JSON.stringify(this.#messages));
      else localStorage.removeItem(this.#key);
    } catch {
      // As above.
    }
  }
}

/** A new id for a message; crypto.randomUUID is missing where the page is served neither over https nor from here. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
