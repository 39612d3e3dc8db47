// Handing in a file: in pieces that go on where they stopped after a lost connection, also after the page was reloaded.
// It speaks tus 1.0.0 with the portal; a small file goes as a whole.

const PIECE = 512 * 1024;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;
const VERSION = { "Tus-Resumable": "1.0.0" };
// Answers after which the same is sent again: damaged on its way, too fast, not possible just now.
const PASSING = new Set([408, 423, 429, 460, 500, 502, 503, 504]);

/** A refusal of the portal, in its words; `code` is for programs. */
export class UploadError extends Error {
  constructor(problem, status) {
    super(problem.errors?.[0]?.detail ?? problem.detail ?? problem.title ?? String(status));
    this.code = problem.code ?? "error";
    this.status = status;
  }
}

/**
 * Hand in a file and return its id. `onProgress(sent, total)` is told bytes; `signal` gives the upload up.
 * Throws UploadError for a refusal, and the signal's reason when it was given up. A lost connection is waited for.
 */
export async function upload(file, { onProgress = () => {}, signal, uploads = "/api/v1/uploads", files = "/api/v1/files" } = {}) {
  onProgress(0, file.size);
  const id = file.size <= PIECE ? await whole(file, files, signal) : await inPieces(file, { onProgress, signal, uploads, files });
  onProgress(file.size, file.size);
  return id;
}

/**
 * Say what the other side would get of a file: "cleaned", "same" (there is nothing to take out), "as_it_is" (it can't be
 * cleaned and is passed all the same: warn) or "withheld" (not before `passUnchanged` was called for it: ask).
 */
export async function forOthers(id, { signal, files = "/api/v1/files" } = {}) {
  return (await asked(`${files}/${id}/for-others`, { signal }).then((answer) => answer.json())).others_get;
}

/** Have a file that can't be cleaned passed to the other side as it is: its owner knows what it may say. */
export async function passUnchanged(id, { signal, files = "/api/v1/files" } = {}) {
  await asked(`${files}/${id}/unchanged`, { method: "POST", body: "{}", headers: { "Content-Type": "application/json" }, signal });
}

/** Give up a file that was handed in and is not sent after all; one that is part of a message stays. */
export function giveUpFile(id, { files = "/api/v1/files" } = {}) {
  asked(`${files}/${id}`, { method: "DELETE", keepalive: true }).catch(() => {});
}

async function whole(file, files, signal) {
  const body = new FormData();
  body.append("file", file);
  return (await asked(files, { method: "POST", body, signal }).then((answer) => answer.json())).id;
}

async function inPieces(file, { onProgress, signal, uploads, files }) {
  const key = `portal.upload.${file.name}.${file.size}.${file.lastModified}`;
  let place = kept(key);
  let offset = null; // not known: ask
  let failures = 0;
  for (;;) {
    try {
      if (!place) {
        place = await begin(file, uploads, signal);
        keep(key, place);
        offset = 0;
      } else if (offset === null) {
        const answer = await asked(place, { method: "HEAD", headers: VERSION, signal });
        const done = answer.headers.get("Upload-File");
        if (done) return forget(key, done);
        offset = Number(answer.headers.get("Upload-Offset"));
      }
      onProgress(offset, file.size);
      const headers = { ...VERSION, "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) };
      const answer = await asked(place, { method: "PATCH", headers, body: file.slice(offset, offset + PIECE), signal });
      failures = 0;
      offset = Number(answer.headers.get("Upload-Offset"));
      const done = answer.headers.get("Upload-File");
      if (done) return forget(key, done);
    } catch (problem) {
      if (signal?.aborted) {
        if (place) giveUp(place);
        forget(key);
        throw signal.reason;
      }
      const known = problem instanceof UploadError;
      if (known && problem.status === 429 && !place) return whole(file, files, signal);
      if (known && [404, 410].includes(problem.status) && place && failures < 3) place = forget(key);
      else if (known && problem.status !== 409 && !PASSING.has(problem.status)) {
        forget(key);
        throw problem;
      }
      offset = null;
      await pause(FIRST_PAUSE * 2 ** failures, signal);
      failures += 1;
    }
  }
}

async function begin(file, uploads, signal) {
  const name = btoa(String.fromCharCode(...new TextEncoder().encode(file.name.slice(-200))));
  const headers = { ...VERSION, "Upload-Length": String(file.size), "Upload-Metadata": `filename ${name}` };
  const answer = await asked(uploads, { method: "POST", headers, signal });
  return new URL(answer.headers.get("Location"), location.href).pathname;
}

function giveUp(place) {
  asked(place, { method: "DELETE", headers: VERSION, keepalive: true }).catch(() => {});
}

async function asked(address, options) {
  const headers = { ...options.headers, "X-CSRFToken": token() };
  const answer = await fetch(address, { ...options, headers });
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => ({}));
  throw new UploadError(problem, answer.status);
}

function token() {
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

/** Wait for a while, or until the network is back; not longer than somebody would. */
function pause(wanted, signal) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener("online", end);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, Math.min(LONGEST_PAUSE, wanted) * (0.75 + Math.random() / 2));
    window.addEventListener("online", end);
    signal?.addEventListener("abort", end);
  });
}

function kept(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

function keep(key, place) {
  try {
    sessionStorage.setItem(key, place);
  } catch {
    // A browser that keeps nothing goes on as long as the page is open.
  }
}

/** Forget where an upload stands, and return what is given, nothing as a rule. */
function forget(key, result = null) {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // It kept nothing.
  }
  return result;
}
