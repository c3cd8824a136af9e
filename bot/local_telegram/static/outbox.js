// Texts on their way. They wait in the browser's storage until the server has said that it
// has them; each has an id by which the server knows one that comes again.

import { ConnectionLost, newId } from "./connection.js";
import { forget, keysBeginning, read, write } from "./storage.js";

export class Outbox {
  // `sent(entry)` hears that the server has a text, `refused(entry, reason)` that it never will.
  constructor({ connection, sent, refused }) {
    this.connection = connection;
    this.sent = sent;
    this.refused = refused;
    this.inFlight = new Set();
    this.count = 0;
  }

  add(userId, text, replyTo) {
    const id = newId();
    this.count += 1;
    const order = `${Date.now()}.${String(this.count).padStart(6, "0")}`;
    const entry = { id, userId, text, replyTo };
    write(`queue.${userId}.${order}.${id}`, entry);
    return entry;
  }

  waitingFor(userId) {
    return keysBeginning(`queue.${userId}.`).map((key) => read(key));
  }

  sendAll() {
    if (!this.connection.isOpen) return;
    for (const key of keysBeginning("queue.")) {
      if (!this.inFlight.has(key)) this.send(key);
    }
  }

  async send(key) {
    const entry = read(key);
    const { id, userId, text, replyTo } = entry;
    const settle = () => {
      forget(key);
      this.sent(entry);
    };
    this.inFlight.add(key);
    try {
      const facts = { text, reply_to: replyTo };
      await this.connection.act(userId, "says", facts, { id, done: settle });
    } catch (error) {
      if (error instanceof ConnectionLost) return;
      settle();
      this.refused(entry, error.message);
    } finally {
      this.inFlight.delete(key);
    }
  }
}
