// Telegram's formatting: a text and entities, whose offsets count UTF-16 units. So do
// JavaScript's strings, hence no conversion is needed.

import { icon, make } from "./dom.js";

const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
};
const BLOCKS = new Set(["blockquote", "expandable_blockquote", "pre"]);
const SAFE_LINK = /^(https?|mailto|tel):/i;

// The formatted text as a fragment. `tools` has texts, openLink(url) and command(text).
export function formatted(text, entities, tools) {
  const sorted = [...(entities || [])]
    .filter((entity) => entity.length > 0 && entity.offset < text.length)
    .sort((one, other) => one.offset - other.offset || other.length - one.length);
  const fragment = document.createDocumentFragment();
  fill(fragment, { text, start: 0, end: text.length, entities: sorted, tools });
  return fragment;
}

function fill(parent, { text, start, end, entities, tools }) {
  let position = start;
  let index = 0;
  while (index < entities.length) {
    const entity = entities[index];
    index += 1;
    if (entity.offset < position || entity.offset >= end) continue;
    parent.append(text.slice(position, entity.offset));
    const stop = Math.min(entity.offset + entity.length, end);
    const inner = [];
    while (index < entities.length && entities[index].offset < stop) {
      inner.push(entities[index]);
      index += 1;
    }
    const [outer, holder] = wrapper(entity, text.slice(entity.offset, stop), tools);
    fill(holder, { text, start: entity.offset, end: stop, entities: inner, tools });
    parent.append(outer);
    position = stop;
    // A block ends its line by itself: the line feed after it would be an empty line.
    if (BLOCKS.has(entity.type) && text[position] === "\n") position += 1;
  }
  parent.append(text.slice(position, end));
}

// The element of an entity, and the one inside it that takes the text.
function wrapper(entity, text, tools) {
  if (entity.type === "blockquote") return same(make("blockquote", { className: "quote", attributes: { dir: "auto" } }));
  if (entity.type === "expandable_blockquote") return expandable(tools);
  if (entity.type === "spoiler") return same(spoiler(tools));
  if (entity.type === "pre" && entity.language) {
    const code = make("code", { attributes: { "data-language": entity.language } });
    return [make("pre", {}, code), code];
  }
  if (entity.type in TAGS) return same(make(TAGS[entity.type]));
  const address = addressOf(entity, text);
  if (address && SAFE_LINK.test(address)) return same(link(address, tools));
  if (entity.type === "bot_command") return same(command(text, tools));
  return same(make("span", { className: "mention" }));
}

function same(element) {
  return [element, element];
}

function addressOf(entity, text) {
  if (entity.type === "text_link") return entity.url;
  if (entity.type === "url") return /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`;
  if (entity.type === "email") return `mailto:${text}`;
  if (entity.type === "phone_number") return `tel:${text.replace(/[^\d+]/g, "")}`;
  return null;
}

function link(address, tools) {
  const element = make("a", {
    title: address,
    attributes: { href: address, target: "_blank", rel: "noopener noreferrer" },
  });
  element.addEventListener("click", (event) => {
    if (tools.openLink(address)) event.preventDefault();
  });
  return element;
}

function command(text, tools) {
  const element = make("button", { className: "command", attributes: { type: "button" } });
  element.addEventListener("click", () => tools.command(text));
  return element;
}

function spoiler(tools) {
  const element = make("span", {
    className: "spoiler",
    attributes: { role: "button", tabindex: "0", "aria-label": tools.texts.text("spoiler") },
  });
  const reveal = (event) => {
    if (element.classList.contains("revealed")) return;
    event.preventDefault();
    event.stopPropagation();
    element.classList.add("revealed");
    for (const name of ["role", "tabindex", "aria-label"]) element.removeAttribute(name);
  };
  element.addEventListener("click", reveal);
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") reveal(event);
  });
  return element;
}

// The folded quote shows three lines. Whether it needs folding is known once it is laid out,
// and changes with the width of the window: the observer sees both.
const heights = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const quote = target.parentElement;
    if (!quote || quote.classList.contains("open")) continue;
    quote.classList.toggle("foldable", target.scrollHeight > target.clientHeight + 2);
  }
});

function expandable(tools) {
  const holder = make("div", { className: "quote-text" });
  const toggle = make("button", { className: "quote-toggle", attributes: { type: "button" } });
  toggle.append(icon("down"));
  const quote = make(
    "blockquote",
    { className: "quote expandable", attributes: { dir: "auto" } },
    holder,
    toggle,
  );
  const show = (open) => {
    quote.classList.toggle("open", open);
    toggle.setAttribute("aria-expanded", String(open));
    toggle.setAttribute("aria-label", tools.texts.text(open ? "show_less" : "show_more"));
  };
  quote.addEventListener("click", (event) => {
    if (!quote.classList.contains("foldable")) return;
    if (event.target.closest("a, .command, .spoiler:not(.revealed)")) return;
    if (String(getSelection())) return;
    show(!quote.classList.contains("open"));
    quote.dispatchEvent(new CustomEvent("unfolded", { bubbles: true }));
  });
  show(false);
  heights.observe(holder);
  return [quote, holder];
}
