// The socket as a line that mends itself: it connects again after every loss, later each time, and says how it stands.

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;
const PING_EVERY = 25_000;
const ANSWER_WITHIN = 10_000;
const SIGNED_OUT = 4401;
const WRONG_PAGE = 4403;
const TOO_FAST = 4429;
const RESTARTING = 1012;
const OVER = [SIGNED_OUT, WRONG_PAGE];

export class Line {
  #path;
  #on;
  #socket = null;
  #failures = 0;
  #timer = 0;
  #ping = 0;
  #patience = 0;

  constructor(path, on) {
    this.#path = path;
    this.#on = on;
    window.addEventListener("online", () => this.#anew());
    window.addEventListener("offline", () => this.#on.state("lost"));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.#now();
    });
  }

  connect() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${this.#path}`;
    const socket = new WebSocket(address, ["portal.v1"]);
    this.#socket = socket;
    socket.addEventListener("open", () => {
      this.#watch();
      this.#on.opened();
    });
    socket.addEventListener("message", (event) => {
      const frame = JSON.parse(event.data);
      this.#watch();
      if (frame.type === "opened") {
        this.#failures = 0;
        this.#on.state("well");
      }
      this.#on.frame(frame);
    });
    socket.addEventListener("close", (event) => {
      if (socket === this.#socket) this.#lost(event.code);
    });
  }

  get isThere() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Send a frame and say whether the line was there for it. */
  send(frame) {
    if (!this.isThere) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #watch() {
    clearTimeout(this.#ping);
    clearTimeout(this.#patience);
    this.#ping = setTimeout(() => {
      this.send({ type: "ping" });
      // A network that went away tells nobody; silence does.
      this.#patience = setTimeout(() => this.#giveUp(), ANSWER_WITHIN);
    }, PING_EVERY);
  }

  #giveUp() {
    const silent = this.#socket;
    this.#socket = null;
    silent?.close();
    this.#lost(0);
  }

  #lost(code) {
    clearTimeout(this.#ping);
    clearTimeout(this.#patience);
    this.#socket = null;
    if (OVER.includes(code)) {
      this.#on.state("over");
      return;
    }
    this.#on.state("lost");
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#failures) * (0.75 + Math.random() / 2);
    // A server that says that it restarts is back soon; not knowing that, one waits longer each time.
    if (code !== RESTARTING) this.#failures += 1;
    this.#timer = setTimeout(() => this.connect(), code === TOO_FAST ? LONGEST_PAUSE / 3 : pause);
  }

  #now() {
    if (this.#timer) this.connect();
  }

  /** Leave the socket, which may be dead and not know it, for a fresh one; what was missed is caught up with. */
  #anew() {
    const old = this.#socket;
    this.#socket = null;
    clearTimeout(this.#timer);
    clearTimeout(this.#ping);
    clearTimeout(this.#patience);
    old?.close();
    this.connect();
  }
}
