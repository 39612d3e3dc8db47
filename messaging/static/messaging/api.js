// Calls of the portal's API from its own pages: JSON in, JSON out, and a refusal in the words that the portal gave.

/** The portal answered, and said no; `message` is what people read. */
export class Refused extends Error {
  constructor(status, told) {
    super(told?.errors?.[0]?.detail ?? told?.detail ?? told?.title ?? String(status));
    this.status = status;
  }
}

/** The token that Django asks of every change; the footer's form has it on every page. */
export function formToken() {
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

/** Call an address of ours. Throws Refused for an answer that says no, TypeError where nothing answers. */
export async function call(method, address, given, within = 0) {
  const isForm = given instanceof FormData;
  const headers = { Accept: "application/json", "X-CSRFToken": formToken() };
  if (given && !isForm) headers["Content-Type"] = "application/json";
  const body = given && !isForm ? JSON.stringify(given) : given;
  let answer;
  try {
    answer = await fetch(address, { method, headers, body, signal: within ? AbortSignal.timeout(within) : undefined });
  } catch (problem) {
    throw new TypeError("nothing answers", { cause: problem });
  }
  const told = await answer.json().catch(() => null);
  if (!answer.ok) throw new Refused(answer.status, told);
  return told;
}
