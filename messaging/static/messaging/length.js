// How long a text is, as the portal counts it, said beside its field where it is near what a message may have or over it.
// A text that is too long stays as it is: it is its writer who shortens it.

const NEAR = 500;
const TOLD_AFTER = 400;

export class Length {
  #field;
  #longest;
  #words;
  #told = document.createElement("p");
  #format = new Intl.NumberFormat(document.documentElement.lang || "en");
  #timer = 0;

  /** `words` has `charactersLeft`, `charactersOver` and `tooLong`, each with %s for a number. */
  constructor(field, longest, words) {
    this.#field = field;
    this.#longest = longest;
    this.#words = words;
    this.#told.className = "length form-text";
    this.#told.setAttribute("role", "status");
    field.after(this.#told);
    field.addEventListener("input", () => this.#soon());
    this.show();
  }

  /** By how many characters it is too long; none or less where it is not. */
  get over() {
    const { value } = this.#field;
    // A string of a browser has at least as many units as characters, which most texts are short enough for.
    return (value.length <= this.#longest - NEAR ? value.length : Array.from(value).length) - this.#longest;
  }

  /** Why it can't be sent. */
  get why() {
    return this.#words.tooLong.replace("%s", this.#format.format(this.over));
  }

  show() {
    clearTimeout(this.#timer);
    const { over } = this;
    const words = over > 0 ? this.#words.charactersOver : over > -NEAR ? this.#words.charactersLeft : "";
    this.#told.textContent = words.replace("%s", this.#format.format(Math.abs(over)));
    this.#told.classList.toggle("is-over", over > 0);
    if (over > 0) this.#field.setAttribute("aria-invalid", "true");
    else this.#field.removeAttribute("aria-invalid");
  }

  /** Not with each key: it would be read out with each. */
  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.show(), TOLD_AFTER);
  }
}
