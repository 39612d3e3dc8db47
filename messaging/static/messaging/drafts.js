// What is being written, with what it answers and which files were chosen for it, kept in this browser for each conversation until it is sent, and never on the server.
// Somebody who signs out leaves no draft behind: the computer may be another's next (portal.js forgets them too).

const PREFIX = "portal.draft.";
const PLACE = "portal.place.";

export class Draft {
  #key;

  constructor(conversation, me) {
    this.#key = `${PREFIX}${conversation}.${me}`;
    quietly(() => localStorage.setItem(`${PLACE}${conversation}`, me));
  }

  /** Have it said when another window keeps something else: what was kept before, and what is now. */
  onChange(tell) {
    window.addEventListener("storage", (event) => {
      if (event.key === this.#key) tell(event.oldValue ?? "", event.newValue ?? "");
    });
  }

  /** Have it said when another window needs what is kept beside the text no more. */
  onBesideGone(tell) {
    window.addEventListener("storage", (event) => {
      if (event.key === this.#besideKey && event.newValue === null) tell(JSON.parse(event.oldValue));
    });
  }

  get text() {
    return quietly(() => localStorage.getItem(this.#key)) ?? "";
  }

  set text(text) {
    quietly(() => (text.trim() ? localStorage.setItem(this.#key, text) : localStorage.removeItem(this.#key)));
  }

  /** What is kept beside the text: the id of the message it `quotes`, and the `files` that were chosen for it. */
  get beside() {
    return quietly(() => JSON.parse(localStorage.getItem(this.#besideKey))) ?? {};
  }

  set beside({ quotes, files = [] }) {
    const isAnything = quotes || files.length;
    const kept = JSON.stringify({ quotes, files });
    quietly(() => (isAnything ? localStorage.setItem(this.#besideKey, kept) : localStorage.removeItem(this.#besideKey)));
  }

  get #besideKey() {
    return `${this.#key}.beside`;
  }
}

/** Who wrote in this conversation in this browser last: a number of a party, which names nobody. */
export function placeIn(conversation) {
  return quietly(() => localStorage.getItem(`${PLACE}${conversation}`)) ?? "";
}

/** Forget every draft of every conversation. */
export function forgetDrafts() {
  quietly(() => {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(PREFIX) || key.startsWith(PLACE)) localStorage.removeItem(key);
    }
  });
}

// A browser may keep nothing, and say so by an exception.
function quietly(act) {
  try {
    return act();
  } catch {
    return null;
  }
}
