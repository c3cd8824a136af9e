// Paying an invoice: the sheet with its pretend card, and what came of it. No money moves here.

import { ConnectionLost } from "./connection.js";
import { byId } from "./dom.js";
import { dialog, toast } from "./overlays.js";

const LONGEST_WAIT = 15_000;

export class Payments {
  constructor({ connection, page }) {
    this.connection = connection;
    this.page = page;
    this.waiting = new Map();
  }

  async ask(person, message) {
    const texts = this.page.textsOf(person);
    const { title, description, currency, total_amount: total } = message.invoice;
    const amount = texts.money(total, currency);
    byId("sheet-title").textContent = title;
    byId("sheet-text").textContent = description;
    byId("sheet-amount").textContent = amount;
    byId("sheet-test").textContent = texts.text("pay_test");
    byId("sheet-no").textContent = texts.text("cancel");
    byId("sheet-fails").textContent = texts.text("pay_fails");
    byId("sheet-pays").textContent = texts.text("pay_yes", { amount });
    const choice = await chosen(byId("sheet"));
    if (choice === "pays" || choice === "fails") {
      await this.pay(person, message, choice === "fails");
    }
  }

  async pay(person, message, cardFails) {
    const facts = { message_id: message.message_id, card_fails: cardFails };
    try {
      await this.connection.act(person.user_id, "pays", facts, {
        done: ({ pre_checkout_query_id: id }) => this.wait(id, person),
      });
    } catch (error) {
      if (!(error instanceof ConnectionLost) || !this.connection.isOpen) this.page.tell(error);
    }
  }

  wait(id, person) {
    const timer = setTimeout(() => {
      this.waiting.delete(id);
      toast(this.page.textsOf(person).text("no_answer"));
    }, LONGEST_WAIT);
    this.waiting.set(id, timer);
  }

  // The bot has answered, and the provider has taken the money or not.
  ended(person, { pre_checkout_query_id: id, outcome, error_message: reason }) {
    // Another tab of the same person has paid: the answer is for that one.
    if (!this.waiting.has(id)) return;
    clearTimeout(this.waiting.get(id));
    this.waiting.delete(id);
    const texts = this.page.textsOf(person);
    const yes = texts.text("alert_ok");
    if (outcome === "refused") dialog(reason, { yes });
    else if (outcome === "failed") dialog(texts.text("card_failed"), { yes });
    else toast(texts.text("pay_done"));
  }

  // After a lost connection answers no longer come.
  forget() {
    for (const timer of this.waiting.values()) clearTimeout(timer);
    this.waiting.clear();
  }
}

function chosen(sheet) {
  sheet.returnValue = "";
  sheet.showModal();
  return new Promise((resolve) => {
    sheet.addEventListener("close", () => resolve(sheet.returnValue), { once: true });
  });
}
