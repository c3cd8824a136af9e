// Taps on inline buttons: the button waits until the bot has answered.

import { ConnectionLost } from "./connection.js";
import { dialog, toast } from "./overlays.js";
import { showTapped } from "./bubbles.js";

const LONGEST_WAIT = 15_000;

export class Taps {
  constructor({ connection, page }) {
    this.connection = connection;
    this.page = page;
    this.waiting = new Map();
    this.queries = new Map();
  }

  waits(userId, messageId, data) {
    return this.waiting.has(keyOf(userId, messageId, data));
  }

  tap({ person, message, button, element }) {
    if (button.callback_data !== undefined) this.ask(person, message.message_id, button.callback_data);
    else if (button.copy_text) this.page.copy(button.copy_text.text);
    else if (button.url) this.open(button.url);
    else if (button.pay) this.page.payments.ask(person, message);
    else toast(this.page.texts.text("not_here"));
  }

  open(address) {
    if (this.page.openLink(address)) return;
    if (/^(https?|mailto|tel):/i.test(address)) window.open(address, "_blank", "noopener,noreferrer");
    else toast(this.page.texts.text("not_here"));
  }

  async ask(person, messageId, data) {
    const key = keyOf(person.user_id, messageId, data);
    if (this.waiting.has(key)) return;
    const timer = setTimeout(() => {
      this.end(key);
      toast(this.page.textsOf(person).text("no_answer"));
    }, LONGEST_WAIT);
    this.waiting.set(key, { person, messageId, data, timer });
    this.show(key, true);
    try {
      await this.connection.act(
        person.user_id,
        "taps",
        { message_id: messageId, data },
        { done: ({ callback_query_id: id }) => this.queries.set(id, key) },
      );
    } catch (error) {
      this.end(key);
      if (!(error instanceof ConnectionLost) || !this.connection.isOpen) this.page.tell(error);
    }
  }

  answered(person, { callback_query_id: id, text, show_alert: alert, url }) {
    const key = this.queries.get(id);
    // Another tab of the same person has tapped: the answer is for that one.
    if (key === undefined) return;
    this.queries.delete(id);
    this.end(key);
    const texts = this.page.textsOf(person);
    if (text && alert) dialog(text, { yes: texts.text("alert_ok") });
    else if (text) toast(text);
    if (url) this.open(url);
  }

  // After a lost connection answers no longer come: no button may wait for ever.
  forget() {
    for (const key of [...this.waiting.keys()]) this.end(key);
    this.queries.clear();
  }

  end(key) {
    const tap = this.waiting.get(key);
    if (!tap) return;
    clearTimeout(tap.timer);
    this.show(key, false);
    this.waiting.delete(key);
  }

  show(key, tapped) {
    const { person, messageId, data } = this.waiting.get(key);
    const conversation = this.page.conversations.get(person.user_id);
    const element = conversation && conversation.button(messageId, data);
    if (element) showTapped(element, tapped);
  }
}

function keyOf(userId, messageId, data) {
  return `${userId} ${messageId} ${data}`;
}
