// One message as the page shows it: the same that message.html makes. Texts are only ever set as text, never as markup.

const NOT_IN_LINKS = "\\s<>\"'，。；：！？、（）「」『』《》【】“”‘’…()"; // brackets only in pairs
const IN_BRACKETS = `\\([^${NOT_IN_LINKS}]*\\)`;
const LINK = new RegExp(
  `https?://(?:[^${NOT_IN_LINKS}]|${IN_BRACKETS})+(?:[^${NOT_IN_LINKS}.,;:!?]|${IN_BRACKETS})`,
  "g",
);
const LONGEST_QUOTATION = 200;

export function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

/** Say how large a file is, as the templates do. */
export function sizeOf(bytes, words) {
  if (bytes < 1024) return bytes === 1 ? words.byte : words.bytes.replace("%s", bytes);
  const [unit, name] = bytes < 1024 ** 2 ? [1024, "kilobytes"] : [1024 ** 2, "megabytes"];
  const format = new Intl.NumberFormat(document.documentElement.lang || "en", {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  return words[name].replace("%s", format.format(bytes / unit));
}

export function timeOf(at, data) {
  const time = element("time", "", data.format.format(new Date(at)));
  time.dateTime = at;
  return time;
}

/** The item of a message; `quoted` is the message that it quotes, where it does. */
export function bubble(message, data, quoted) {
  const isMine = message.sender === data.me;
  const item = element("li", isMine ? "message is-mine" : "message");
  item.dataset.sender = message.sender;
  if (message.id) item.dataset.id = message.id;
  fill(item, message, data, quoted);
  return item;
}

/** Show in an item what its message says now. */
export function fill(item, message, data, quoted) {
  const words = data.words;
  item.classList.toggle("is-withdrawn", Boolean(message.withdrawn_at));
  const head = element("p", "message-head");
  head.append(element("strong", "", data.parties[message.sender] ?? ""));
  if (message.sent_at) head.append(timeOf(message.sent_at, data));
  if (message.edited_at && !message.withdrawn_at) head.append(element("span", "message-edited", words.edited));
  const parts = [head];
  if (message.quotes && !message.withdrawn_at) parts.push(quotation(message.quotes, data, quoted));
  if (message.withdrawn_at) parts.push(element("p", "message-withdrawn", words.withdrawn));
  else if (message.body) parts.push(body(message.body));
  for (const file of message.attachments ?? []) parts.push(attachment(file, data, message.sender === data.me));
  item.replaceChildren(...parts);
  if (message.sender === data.me && !message.withdrawn_at) item.append(element("p", "message-state"));
}

/** The beginning of a quoted message, with the way to it; at first without words, where it is not on the page. */
export function quotation(id, data, quoted) {
  const block = element("blockquote", "message-quoted");
  block.dataset.quotes = id;
  const head = element("p", "message-head");
  const link = element("a", "", data.parties[quoted?.sender] ?? data.words.quoted);
  if (quoted) link.href = placeOf(quoted.seq, data);
  head.append(link);
  block.append(head);
  if (!quoted) return block;
  if (quoted.withdrawn_at) {
    block.append(element("p", "", data.words.withdrawn));
  } else {
    const letters = Array.from(quoted.body);
    const short = letters.length > LONGEST_QUOTATION ? `${letters.slice(0, LONGEST_QUOTATION - 1).join("")}…` : quoted.body;
    const text = element("p", "message-body", short);
    text.dir = "auto";
    block.append(text);
  }
  return block;
}

function placeOf(seq, data) {
  return seq >= data.firstSeq ? `#message-${seq}` : `?before=${seq + data.aroundShown}#message-${seq}`;
}

function body(text) {
  const made = element("p", "message-body");
  made.dir = "auto";
  let end = 0;
  for (const found of text.matchAll(LINK)) {
    made.append(text.slice(end, found.index));
    const link = element("a", "", found[0]);
    link.href = found[0];
    link.rel = "noopener noreferrer nofollow";
    link.target = "_blank";
    made.append(link);
    end = found.index + found[0].length;
  }
  made.append(text.slice(end));
  return made;
}

function attachment(file, data, isMine) {
  const paragraph = element("p", "message-file");
  const link = element("a", "", file.name);
  link.href = data.attachment.replace(data.nil, file.id);
  link.download = file.name;
  if (data.pictures.includes(file.media_type)) {
    const picture = element("img", "message-preview");
    picture.alt = "";
    picture.loading = "lazy";
    // A picture that nothing can be made of is a file like any other.
    picture.addEventListener("error", () => picture.remove());
    picture.src = data.preview.replace(data.nil, file.id);
    link.prepend(picture);
  }
  paragraph.append(link, ` (${sizeOf(file.size, data.sizes)})`);
  if (isMine) {
    const ownName = data.ownNames[file.id];
    if (ownName) {
      const own = element("span", "own-name", data.words.ownName.replace("%s", ownName));
      own.dir = "auto";
      paragraph.append(" ", own);
    }
    const others = element("a", "", data.words.othersGet);
    others.href = data.passing.replace(data.nil, file.id);
    paragraph.append(" ", others);
  }
  return paragraph;
}
