// <copyright-complaints provider="cloudhaven" content="item-1" lang="zh-Hans">…a link…</copyright-complaints>
//
// The way to a provider's complaint channel, for its own pages. It loads nothing, stores nothing and tells nobody that it
// was shown; it is two links. What stands inside the element is shown where this module does not run.

const PORTAL = new URL("..", import.meta.url);
const TEXTS = {
  en: { label: "Copyright complaints", report: "Report a copyright infringement", follow: "Follow a complaint" },
  zh: { label: "著作权投诉", report: "举报著作权侵权", follow: "查询投诉进展" },
};
const LANGUAGES = { en: "en", zh: "zh-hans" };
const LOOKS = `
  :host { display: inline-block; font: inherit; }
  :host([hidden]) { display: none; }
  nav { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; }
  a { color: #2457c5; padding: 0.5rem 0.25rem; line-height: 1.25; overflow-wrap: anywhere; }
  a[part="report"] {
    color: #1b2a41; background: #ffffff; border: 1px solid #848b98; border-radius: 6px;
    padding: 0.5rem 0.75rem; text-decoration: none; font-weight: 600;
  }
  a[part="report"]:hover { text-decoration: underline; }
  a:focus-visible { outline: 3px solid #2457c5; outline-offset: 2px; }
  @media (prefers-color-scheme: dark) {
    :host(:not([theme="light"])) a { color: #9db9ff; }
    :host(:not([theme="light"])) a[part="report"] { color: #e9e6df; background: #1a212c; border-color: #7d8798; }
    :host(:not([theme="light"])) a:focus-visible { outline-color: #9db9ff; }
  }
  @media (forced-colors: active) {
    a, a[part="report"] { color: LinkText; background: Canvas; border-color: LinkText; }
    a:focus-visible { outline-color: Highlight; }
  }
  @media print { a[part="follow"] { display: none; } }
`;

class CopyrightComplaints extends HTMLElement {
  static observedAttributes = ["provider", "content", "lang"];

  connectedCallback() {
    this.#draw();
  }

  attributeChangedCallback() {
    if (this.isConnected) this.#draw();
  }

  // The element's own language, else that of the page around it; English where the portal speaks neither.
  get #language() {
    const wanted = this.closest("[lang]")?.lang ?? "";
    return wanted.toLowerCase().startsWith("zh") ? "zh" : "en";
  }

  #draw() {
    const provider = this.getAttribute("provider");
    if (!provider) return; // the link inside the element stays
    const language = this.#language;
    const nav = document.createElement("nav");
    nav.lang = LANGUAGES[language];
    nav.setAttribute("aria-label", TEXTS[language].label);
    const filing = { provider, content: this.getAttribute("content") ?? "", lang: LANGUAGES[language] };
    nav.append(
      this.#link("report", TEXTS[language].report, "complain/new/", filing),
      this.#link("follow", TEXTS[language].follow, "track/", { lang: LANGUAGES[language] }),
    );
    const root = this.shadowRoot ?? this.#root();
    root.replaceChildren(nav);
  }

  #root() {
    const root = this.attachShadow({ mode: "open", delegatesFocus: true });
    const looks = new CSSStyleSheet(); // not a <style>: the page around may forbid those
    looks.replaceSync(LOOKS);
    root.adoptedStyleSheets = [looks];
    return root;
  }

  #link(part, text, path, query) {
    const link = document.createElement("a");
    const address = new URL(path, PORTAL);
    for (const [name, value] of Object.entries(query)) if (value) address.searchParams.set(name, value);
    link.href = address;
    link.textContent = text;
    link.setAttribute("part", part);
    link.referrerPolicy = "no-referrer";
    return link;
  }
}

if (!customElements.get("copyright-complaints")) customElements.define("copyright-complaints", CopyrightComplaints);
