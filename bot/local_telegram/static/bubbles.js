// One message of the Bot API as nodes: quote of what it answers, contents, time, keyboard.

import { icon, make, nameOf, paint } from "./dom.js";
import { formatted } from "./entities.js";

// `tools`: texts, openLink, command, tap(message, button, element), jumpTo(messageId),
// isTapped(messageId, data), reply(message), edit(message), menu(message, element).
export function fillMessage(item, message, tools) {
  const own = !(message.from && message.from.is_bot);
  item.className = `message ${own ? "own" : "theirs"}`;
  item.dataset.id = String(message.message_id);
  if (isService(message)) {
    item.className = "message service";
    item.replaceChildren(make("p", { text: serviceText(message, tools) }));
    return;
  }
  const keyboard = message.reply_markup && message.reply_markup.inline_keyboard;
  const bubble = make("div", { className: "bubble" });
  bubble.append(...contents(message, tools));
  addMeta(bubble, meta(message, own, tools));
  const column = make("div", { className: "column" }, bubble);
  if (keyboard && keyboard.length) column.append(keyboardOf(message, keyboard, tools));
  item.classList.toggle("with-keyboard", Boolean(keyboard && keyboard.length));
  item.replaceChildren(column, quickActions(message, own, tools));
}

// A text that is on its way: the same bubble with a clock.
export function fillPending(item, { text, repliesTo }, tools) {
  item.className = "message own pending";
  const bubble = make("div", { className: "bubble" });
  if (repliesTo) bubble.append(quoted(repliesTo, tools));
  const clock = make("span", {
    className: "meta",
    title: tools.texts.text("waiting"),
    attributes: { role: "img", "aria-label": tools.texts.text("waiting") },
  });
  clock.append(icon("clock"));
  bubble.append(textBlock(text, [], tools));
  addMeta(bubble, clock);
  item.replaceChildren(make("div", { className: "column" }, bubble));
}

// What stands for a message in a list or a quote.
export function summary(message, texts) {
  const said = message.text || message.caption;
  if (said) return said.replace(/\s+/g, " ").trim().slice(0, 160);
  if (message.document) return message.document.file_name || texts.text("document");
  if (message.photo) return texts.text("photo");
  if (message.contact) return texts.text("contact");
  if (message.pinned_message) return texts.text("pinned");
  if (message.invoice) return message.invoice.title;
  if (message.successful_payment) return paidText(message.successful_payment, texts);
  return texts.text("unsupported");
}

function isService(message) {
  return Boolean(message.pinned_message || message.successful_payment);
}

function paidText({ total_amount: total, currency }, texts) {
  return texts.text("paid", { amount: texts.money(total, currency) });
}

function serviceText(message, tools) {
  if (message.successful_payment) return paidText(message.successful_payment, tools.texts);
  return `${tools.texts.text("pinned")}: ${summary(message.pinned_message, tools.texts)}`;
}

function contents(message, tools) {
  const parts = [];
  if (message.reply_to_message) parts.push(quoted(message.reply_to_message, tools));
  const known = parts.length;
  if (message.photo && message.photo.length) parts.push(photo(message.photo, tools));
  if (message.document) parts.push(documentOf(message.document, tools));
  if (message.contact) parts.push(contactOf(message.contact));
  if (message.invoice) parts.push(invoiceOf(message.invoice, tools));
  if (message.text) parts.push(textBlock(message.text, message.entities, tools));
  if (message.caption) parts.push(textBlock(message.caption, message.caption_entities, tools));
  if (parts.length === known) {
    parts.push(make("p", { className: "text unsupported", text: tools.texts.text("unsupported") }));
  }
  return parts;
}

function textBlock(text, entities, tools) {
  const block = make("div", { className: "text" });
  block.append(formatted(text, entities, tools));
  return block;
}

function quoted(message, tools) {
  const button = make("button", {
    className: "reply-quote",
    attributes: { type: "button" },
  });
  const name = message.from && message.from.is_bot ? message.from.first_name : tools.texts.text("you");
  button.append(
    make("b", { text: name }),
    make("span", { text: summary(message, tools.texts), attributes: { dir: "auto" } }),
  );
  button.addEventListener("click", () => tools.jumpTo(message.message_id));
  return button;
}

const PHOTO_WIDTH = 320;
const PHOTO_HEIGHT = 360;

function fileAddress(fileId, name) {
  return `/files/${encodeURIComponent(fileId)}/${encodeURIComponent(name)}`;
}

function photo(sizes, tools) {
  const largest = sizes.reduce((one, other) => (other.width > one.width ? other : one));
  const address = fileAddress(largest.file_id, "photo");
  const image = make("img", {
    attributes: {
      src: address,
      alt: tools.texts.text("photo"),
      loading: "lazy",
      decoding: "async",
    },
  });
  const attributes = { href: address, target: "_blank", rel: "noopener" };
  const frame = make("a", { className: "photo", attributes }, image);
  // The room is kept before the picture is there, so that nothing moves when it comes.
  const scale = Math.min(1, PHOTO_WIDTH / largest.width, PHOTO_HEIGHT / largest.height);
  frame.style.setProperty("--width", `${Math.max(96, Math.round(largest.width * scale))}px`);
  frame.style.setProperty("--shape", `${largest.width} / ${largest.height}`);
  return frame;
}

function documentOf(file, tools) {
  const name = file.file_name || tools.texts.text("document");
  const suffix = /\.([A-Za-z0-9]{1,4})$/.exec(name);
  const badge = make("span", { className: "file-badge", attributes: { "aria-hidden": "true" } });
  badge.append(suffix ? suffix[1].toUpperCase() : icon("file"));
  if (file.mime_type === "application/pdf") badge.classList.add("pdf");
  return make(
    "a",
    {
      className: "document",
      title: name,
      attributes: {
        href: fileAddress(file.file_id, name),
        target: "_blank",
        rel: "noopener",
      },
    },
    badge,
    make(
      "span",
      { className: "document-facts" },
      make("bdi", { className: "document-name", text: name }),
      make("span", {
        className: "document-size",
        text: file.file_size === undefined ? "" : tools.texts.size(file.file_size),
      }),
    ),
  );
}

function contactOf(contact) {
  const name = nameOf(contact);
  const avatar = make("span", { className: "avatar", attributes: { "aria-hidden": "true" } });
  paint(avatar, contact.user_id, name);
  return make(
    "div",
    { className: "contact" },
    avatar,
    make(
      "span",
      { className: "document-facts" },
      make("bdi", { className: "document-name", text: name }),
      make("span", { className: "document-size", text: contact.phone_number }),
    ),
  );
}

function invoiceOf({ title, description, total_amount: total, currency }, tools) {
  return make(
    "div",
    { className: "invoice" },
    make("h3", { text: title, attributes: { dir: "auto" } }),
    make("p", { text: description, attributes: { dir: "auto" } }),
    make("p", { className: "invoice-amount", text: tools.texts.money(total, currency) }),
  );
}

// The time floats into the last line of a text when that has room.
function addMeta(bubble, element) {
  const last = bubble.lastElementChild;
  (last.classList.contains("text") ? last : bubble).append(element);
}

function meta(message, own, tools) {
  const element = make("span", { className: "meta" });
  if (message.edit_date) element.append(`${tools.texts.text("edited")} `);
  element.append(
    make("time", {
      text: tools.texts.time(message.date),
      title: tools.texts.moment(message.date),
      attributes: { datetime: new Date(message.date * 1000).toISOString() },
    }),
  );
  if (own) element.append(icon("check"));
  return element;
}

const STYLES = new Set(["primary", "success", "danger"]);

function keyboardOf(message, rows, tools) {
  const keyboard = make("div", { className: "keyboard", attributes: { role: "group" } });
  for (const row of rows) {
    const line = make("div", { className: "keyboard-row" });
    line.style.setProperty("--buttons", row.length);
    for (const button of row) line.append(inlineButton(message, button, tools));
    keyboard.append(line);
  }
  return keyboard;
}

function inlineButton(message, button, tools) {
  const isPaid = Boolean(button.pay && tools.isPaid(message.message_id));
  const text = isPaid ? tools.texts.text("pay_done") : button.text;
  const label = make("span", { className: "label", text });
  const element = make(
    "button",
    { className: "inline-button", title: button.text, attributes: { type: "button" } },
    label,
  );
  element.disabled = isPaid;
  if (STYLES.has(button.style)) element.classList.add(button.style);
  if (button.callback_data !== undefined) element.dataset.data = button.callback_data;
  if (button.url) element.append(icon("link"));
  if (button.copy_text) element.append(icon("copy"));
  if (tools.isTapped(message.message_id, button.callback_data)) showTapped(element, true);
  element.addEventListener("click", () => tools.tap(message, button, element));
  return element;
}

export function showTapped(element, tapped) {
  element.classList.toggle("waiting", tapped);
  if (tapped) element.setAttribute("aria-busy", "true");
  else element.removeAttribute("aria-busy");
}

// The small buttons beside a bubble; on phones a long touch opens the same as a menu.
function quickActions(message, own, tools) {
  const actions = make("div", { className: "quick-actions" });
  const add = (name, key, act) => {
    const element = make(
      "button",
      {
        className: "icon-button small",
        title: tools.texts.text(key),
        attributes: { type: "button", tabindex: "-1", "aria-label": tools.texts.text(key) },
      },
      icon(name),
    );
    element.addEventListener("click", () => act(message));
    actions.append(element);
  };
  add("reply", "reply", tools.reply);
  if (own && message.text) add("edit", "edit", tools.edit);
  return actions;
}
