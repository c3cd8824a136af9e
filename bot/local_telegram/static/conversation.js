// The messages of one person's chat: the newest are drawn at once, older ones when the
// browser has nothing else to do. Changes happen in place, without moving what is being read.

import { make } from "./dom.js";
import { fillMessage, fillPending } from "./bubbles.js";

const FIRST_DRAWN = 60;
const DRAWN_AT_ONCE = 120;
const whenIdle = window.requestIdleCallback || ((act) => setTimeout(act, 30));

export class Conversation {
  // `scroll` keeps the place while something changes; `tools` is what bubbles need.
  constructor({ scroll, tools }) {
    this.scroll = scroll;
    this.tools = tools;
    this.element = make("ol", {
      className: "messages",
      attributes: { "aria-label": tools.texts.text("messages") },
    });
    this.loaded = false;
    this.messages = new Map();
    this.items = new Map();
    this.pending = new Map();
    this.older = [];
    this.paid = new Set();
  }

  get isEmpty() {
    return this.messages.size === 0 && this.pending.size === 0;
  }

  get last() {
    return [...this.messages.values()].pop();
  }

  lastOwnText() {
    return [...this.messages.values()].reverse().find((one) => !one.from.is_bot && one.text);
  }

  // Show this history, keeping the nodes of messages that have not changed.
  load(history, paid = []) {
    this.loaded = true;
    this.paid = new Set(paid);
    const known = this.messages;
    this.messages = new Map(history.map((message) => [message.message_id, message]));
    if (!this.items.size) {
      this.older = history.slice(0, -FIRST_DRAWN);
      this.scroll.keep(() => this.append(history.slice(-FIRST_DRAWN)));
      this.drawOlderWhenIdle();
      return;
    }
    this.older = this.older.filter((one) => this.messages.has(one.message_id));
    this.older = this.older.map((one) => this.messages.get(one.message_id));
    const waiting = new Set(this.older.map((one) => one.message_id));
    this.scroll.keep(() => {
      for (const id of [...this.items.keys()]) if (!this.messages.has(id)) this.drop(id);
      for (const message of history) {
        const id = message.message_id;
        if (waiting.has(id)) continue;
        if (!this.items.has(id)) this.append([message]);
        else if (JSON.stringify(known.get(id)) !== JSON.stringify(message)) this.refill(message);
      }
    });
  }

  add(message) {
    if (this.messages.has(message.message_id)) return;
    this.messages.set(message.message_id, message);
    this.scroll.keep(() => {
      this.append([message]);
      this.items.get(message.message_id).classList.add("arriving");
    });
  }

  edit(message) {
    const id = message.message_id;
    if (!this.messages.has(id)) return;
    const changed = JSON.stringify(this.messages.get(id)) !== JSON.stringify(message);
    this.messages.set(id, message);
    const index = this.older.findIndex((one) => one.message_id === id);
    if (index >= 0) this.older[index] = message;
    else if (changed) this.scroll.keep(() => this.refill(message));
  }

  // An invoice has been paid: its button says so.
  pay(id) {
    this.paid.add(id);
    if (this.items.has(id)) this.scroll.keep(() => this.refill(this.messages.get(id)));
  }

  remove(id) {
    this.messages.delete(id);
    this.older = this.older.filter((one) => one.message_id !== id);
    if (this.items.has(id)) this.scroll.keep(() => this.drop(id));
  }

  addPending({ id, text, replyTo }) {
    if (this.pending.has(id)) return;
    const item = make("li");
    fillPending(item, { text, repliesTo: this.messages.get(replyTo) }, this.tools);
    this.pending.set(id, item);
    this.scroll.keep(() => this.element.append(item), { toEnd: true });
  }

  settlePending(id) {
    const item = this.pending.get(id);
    this.pending.delete(id);
    if (item) item.remove();
  }

  // Bring a message into view, drawing older ones if it is among those.
  jumpTo(id) {
    while (this.older.some((one) => one.message_id === id)) this.drawOlder();
    const item = this.items.get(id);
    if (!item) return false;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    item.scrollIntoView({ block: "center", behavior: calm ? "instant" : "smooth" });
    flash(item, "found");
    return true;
  }

  button(messageId, data) {
    const item = this.items.get(messageId);
    if (!item) return null;
    const found = [...item.querySelectorAll(".inline-button")];
    return found.find((element) => element.dataset.data === data) || null;
  }

  // --- Drawing ------------------------------------------------------------------

  draw(message) {
    const item = make("li", { attributes: { tabindex: "-1" } });
    item.dataset.day = dayKey(message.date);
    fillMessage(item, message, this.tools);
    this.items.set(message.message_id, item);
    return item;
  }

  append(messages) {
    const fragment = document.createDocumentFragment();
    const drawn = [...this.element.querySelectorAll(":scope > .message:not(.pending)")].pop();
    let day = drawn && drawn.dataset.day;
    for (const message of messages) {
      const item = this.draw(message);
      if (item.dataset.day !== day) fragment.append(this.separator(message));
      day = item.dataset.day;
      fragment.append(item);
    }
    const firstPending = this.element.querySelector(":scope > .pending");
    this.element.insertBefore(fragment, firstPending);
  }

  drawOlder() {
    const chunk = this.older.splice(-DRAWN_AT_ONCE);
    if (!chunk.length) return;
    const fragment = document.createDocumentFragment();
    let day;
    for (const message of chunk) {
      const item = this.draw(message);
      if (item.dataset.day !== day) fragment.append(this.separator(message));
      day = item.dataset.day;
      fragment.append(item);
    }
    const first = this.element.firstElementChild;
    this.scroll.keep(() => {
      if (first && first.classList.contains("day") && first.dataset.day === day) first.remove();
      this.element.prepend(fragment);
    });
  }

  drawOlderWhenIdle() {
    if (!this.older.length) return;
    whenIdle(() => {
      this.drawOlder();
      this.drawOlderWhenIdle();
    });
  }

  separator(message) {
    const text = this.tools.texts.day(message.date);
    const element = make("li", { className: "day" }, make("span", { text }));
    element.dataset.day = dayKey(message.date);
    return element;
  }

  // Draw a changed message again; the keyboard's focus and opened quotes stay.
  refill(message) {
    const item = this.items.get(message.message_id);
    const focused = item.contains(document.activeElement) ? document.activeElement : null;
    const index = focused ? [...item.querySelectorAll("button, a")].indexOf(focused) : -1;
    const open = [...item.querySelectorAll(".quote.expandable")].map((quote) =>
      quote.classList.contains("open"),
    );
    fillMessage(item, message, this.tools);
    [...item.querySelectorAll(".quote.expandable")].forEach((quote, place) => {
      if (open[place]) quote.classList.add("open");
    });
    flash(item, "changed");
    if (!focused) return;
    const same = focused.dataset.data && this.button(message.message_id, focused.dataset.data);
    const place = [...item.querySelectorAll("button, a")][index];
    (same || place || item).focus({ preventScroll: true });
  }

  drop(id) {
    const item = this.items.get(id);
    const before = item.previousElementSibling;
    const after = item.nextElementSibling;
    this.items.delete(id);
    item.remove();
    const alone = before && before.classList.contains("day");
    if (alone && (!after || after.classList.contains("day"))) before.remove();
  }
}

function flash(item, name) {
  item.classList.remove(name);
  // Reading a size makes the browser take the class away before it comes again.
  void item.offsetWidth;
  item.classList.add(name);
  item.addEventListener("animationend", () => item.classList.remove(name), { once: true });
}

function dayKey(seconds) {
  const date = new Date(seconds * 1000);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}
