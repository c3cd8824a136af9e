// The one socket of this page: opens it again after a loss, answers what was asked, and
// hands everything else on.

const FIRST_PAUSE = 300;
const LONGEST_PAUSE = 8_000;

export class Connection {
  // `receive(items)` gets what came; `changed(state)` hears "open" and "lost".
  constructor({ receive, changed }) {
    this.receive = receive;
    this.changed = changed;
    this.pause = FIRST_PAUSE;
    this.asked = new Map();
    this.timer = 0;
    addEventListener("online", () => this.retryNow());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.retryNow();
    });
    this.connect();
  }

  get isOpen() {
    return this.socket.readyState === WebSocket.OPEN;
  }

  connect() {
    clearTimeout(this.timer);
    this.timer = 0;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.socket = new WebSocket(`${scheme}://${location.host}/socket`);
    this.socket.addEventListener("open", () => {
      this.pause = FIRST_PAUSE;
      this.changed("open");
    });
    this.socket.addEventListener("message", ({ data }) => this.take(JSON.parse(data)));
    this.socket.addEventListener("close", () => this.lost());
  }

  retryNow() {
    if (this.timer) this.connect();
  }

  lost() {
    for (const { reject } of this.asked.values()) reject(new ConnectionLost());
    this.asked.clear();
    this.changed("lost");
    this.timer = setTimeout(() => this.connect(), this.pause * (0.75 + Math.random() / 2));
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
  }

  // One frame carries an answer and the events that it caused, so that they are drawn at once.
  take(items) {
    const events = [];
    for (const item of items) {
      const waiting = item.type === "done" || item.type === "refused" ? this.asked.get(item.id) : null;
      if (!waiting) {
        events.push(item);
        continue;
      }
      this.asked.delete(item.id);
      if (item.type === "done") waiting.done(item.result);
      else waiting.reject(new Refused(item.reason));
    }
    if (events.length) this.receive(events);
  }

  send(item) {
    if (!this.isOpen) return false;
    this.socket.send(JSON.stringify(item));
    return true;
  }

  // Something that this person does. `done(result)` is called before the events that it
  // caused are handed on; the promise ends the same way, or with Refused or ConnectionLost.
  act(person, kind, facts, { id = newId(), done = () => {} } = {}) {
    return new Promise((resolve, reject) => {
      if (!this.send({ type: "act", id, person, act: kind, ...facts })) {
        reject(new ConnectionLost());
        return;
      }
      this.asked.set(id, {
        done: (result) => {
          done(result);
          resolve(result);
        },
        reject,
      });
    });
  }
}

export class ConnectionLost extends Error {}

export class Refused extends Error {}

// crypto.randomUUID exists only in secure contexts; other loopback names may not be one.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
