// The page: who one is, what comes over the socket, what goes out.

import { byId, nameOf, paint } from "./dom.js";
import { Connection, ConnectionLost } from "./connection.js";
import { Conversation } from "./conversation.js";
import { Composer } from "./composer.js";
import { Outbox } from "./outbox.js";
import { Payments } from "./payments.js";
import { PeopleList } from "./people.js";
import { Scroll } from "./scroll.js";
import { Taps } from "./taps.js";
import { EXPONENTS, Texts } from "./texts.js";
import { dialog, openMenu, toast } from "./overlays.js";
import { forget, keysBeginning, read, write } from "./storage.js";
import { largestFile } from "./limits.js";
import { watchMessages } from "./gestures.js";

const ACTION_TIME = 6_000;
const ACTIONS = {
  typing: "action_typing",
  upload_document: "action_document",
  upload_photo: "action_photo",
};

class Page {
  constructor() {
    this.people = new Map();
    this.conversations = new Map();
    this.places = new Map();
    this.allTexts = new Map();
    this.current = null;
    this.missed = 0;
    this.browserTexts = new Texts(navigator.language);
    this.scroll = new Scroll(byId("scroller"), () => this.showToEnd());
    this.list = new PeopleList({ textsOf: (person) => this.textsOf(person) });
    this.composer = new Composer(this.acts());
    byId("people-hint").textContent = this.browserTexts.text("people_hint");
    byId("nobody-title").textContent = this.browserTexts.text("people_hint");
    byId("nobody-text").textContent = this.browserTexts.text("nobody");
    this.connection = new Connection({
      receive: (items) => items.forEach((item) => this.receive(item)),
      changed: (state) => this.connectionChanged(state),
    });
    this.taps = new Taps({ connection: this.connection, page: this });
    this.payments = new Payments({ connection: this.connection, page: this });
    this.outbox = new Outbox({
      connection: this.connection,
      sent: ({ userId, id }) => {
        const conversation = this.conversations.get(userId);
        if (conversation) conversation.settlePending(id);
      },
      refused: (entry, reason) => this.sayingRefused(entry, reason),
    });
    this.listen();
  }

  listen() {
    addEventListener("hashchange", () => this.followAddress());
    addEventListener("storage", ({ key }) => this.otherTabRead(key));
    document.addEventListener("visibilitychange", () => this.markRead());
    byId("to-end").addEventListener("click", () => this.scroll.toEnd({ smooth: true }));
    byId("hint-close").addEventListener("click", () => {
      write(`hint.${this.current.user_id}`, false);
      byId("hint").hidden = true;
      this.composer.focus();
    });
    watchMessages(byId("scroller"), {
      open: (id, at) => this.openMessageMenu(id, at),
    });
  }

  textsOf(person) {
    const code = person.language_code;
    if (!this.allTexts.has(code)) this.allTexts.set(code, new Texts(code));
    return this.allTexts.get(code);
  }

  get texts() {
    return this.current ? this.textsOf(this.current) : this.browserTexts;
  }

  get conversation() {
    return this.current && this.conversations.get(this.current.user_id);
  }

  // --- The connection -----------------------------------------------------------

  connectionChanged(state) {
    const banner = byId("banner");
    if (state === "lost") {
      this.taps.forget();
      this.payments.forget();
      banner.textContent = this.texts.text("lost");
      banner.hidden = false;
      return;
    }
    banner.hidden = true;
    for (const conversation of this.conversations.values()) conversation.loaded = false;
    const marks = keysBeginning("read.").map((key) => [key.slice(5), read(key, 0)]);
    this.connection.send({
      type: "hello",
      run: read("run", null),
      read: Object.fromEntries(marks),
    });
    if (this.current) this.connection.send({ type: "open", person: this.current.user_id });
    this.outbox.sendAll();
  }

  receive(item) {
    if (item.type === "welcome") this.welcome(item);
    else if (item.type === "history") this.showHistory(item);
    else if (item.type === "event") this.happened(this.people.get(item.person), item.event);
  }

  welcome({ run, shop, bot, people, exponents }) {
    Object.assign(EXPONENTS, exponents);
    // A server that was started again counts messages from one: old marks mean nothing to it.
    if (run !== read("run", null)) keysBeginning("read.").forEach(forget);
    write("run", run);
    this.shop = shop;
    this.bot = bot;
    this.people = new Map(people.map((person) => [person.user_id, person]));
    byId("shop-name").textContent = shop;
    this.list.show(people);
    if (this.current) this.current = this.people.get(this.current.user_id) || null;
    this.followAddress();
    this.showTitle();
  }

  showHistory({ person: userId, messages, paid, commands, keyboard }) {
    const person = this.people.get(userId);
    if (!person) return;
    this.conversationOf(person).load(messages, paid);
    if (person !== this.current) return;
    this.composer.setCommands(commands);
    this.composer.setKeyboard(keyboard);
    this.composer.setStarted(!this.conversation.isEmpty);
    this.markRead();
  }

  happened(person, event) {
    if (!person) return;
    const conversation = this.conversations.get(person.user_id);
    const shown = person === this.current;
    if (event.type === "message") this.messageCame(person, event.message);
    else if (event.type === "edited") {
      if (conversation) conversation.edit(event.message);
      if (person.last && person.last.message_id === event.message.message_id) {
        person.last = event.message;
        this.list.update(person);
      }
    } else if (event.type === "deleted") this.messageWent(person, event.message_id);
    else if (event.type === "answer") this.taps.answered(person, event);
    else if (event.type === "checkout") this.payments.ended(person, event);
    else if (event.type === "paid") {
      if (conversation) conversation.pay(event.message_id);
    }
    else if (!shown) return;
    else if (event.type === "commands") this.composer.setCommands(event.commands);
    else if (event.type === "keyboard") this.composer.setKeyboard(event.reply_markup);
    else if (event.type === "action") this.showAction(event.action);
  }

  messageCame(person, message) {
    const conversation = this.conversations.get(person.user_id);
    const shown = person === this.current;
    const fromBot = message.from.is_bot;
    person.last = message;
    if (conversation && conversation.loaded) conversation.add(message);
    if (fromBot) person.unread += 1;
    if (shown) {
      if (fromBot) this.showAction(null);
      if (fromBot && !this.scroll.atEnd) this.missed += 1;
      this.composer.setStarted(true);
      this.showToEnd();
      this.markRead();
    }
    this.list.update(person);
    this.showTitle();
  }

  messageWent(person, id) {
    const conversation = this.conversations.get(person.user_id);
    if (!conversation || !conversation.loaded) return;
    conversation.remove(id);
    person.last = conversation.last || null;
    this.list.update(person);
  }

  // --- Who is shown -------------------------------------------------------------

  followAddress() {
    if (!this.people.size) return;
    const [, id, question] = /^#(\d+)?(?:\?(.*))?$/.exec(location.hash) || [];
    const person = this.people.get(Number(id)) || null;
    if (person !== this.current) this.show(person);
    else this.list.choose(person && person.user_id);
    const payload = new URLSearchParams(question || "").get("start");
    if (!person || payload === null) return;
    // Taken out of the address, so that loading the page again does not start again.
    history.replaceState(null, "", `#${person.user_id}`);
    this.start(payload);
  }

  show(person) {
    if (this.current) this.places.set(this.current.user_id, this.scroll.place());
    this.current = person;
    this.missed = 0;
    document.documentElement.lang = this.texts.languageCode;
    byId("app").classList.toggle("in-chat", Boolean(person));
    byId("chat").hidden = !person;
    byId("nobody").hidden = Boolean(person);
    byId("people-hint").textContent = this.texts.text("people_hint");
    this.list.choose(person && person.user_id);
    this.showTitle();
    if (!person) return;
    this.showHead(person);
    this.composer.show(person, this.texts);
    const conversation = this.conversationOf(person);
    this.scroll.show(conversation.element, this.places.get(person.user_id));
    this.composer.setStarted(true);
    this.connection.send({ type: "open", person: person.user_id });
    this.composer.focus();
  }

  showHead(person) {
    const { texts } = this;
    paint(byId("chat-avatar"), 3, this.shop);
    byId("chat-name").textContent = this.shop;
    byId("back").setAttribute("aria-label", texts.text("back"));
    byId("to-end").setAttribute("aria-label", texts.text("to_end"));
    byId("hint-close").setAttribute("aria-label", texts.text("close_hint"));
    byId("scroller").setAttribute("aria-label", texts.text("messages"));
    byId("hint").hidden = !person.try_this || !read(`hint.${person.user_id}`, true);
    byId("hint-text").textContent = person.try_this;
    this.showAction(null);
    if (!byId("banner").hidden) byId("banner").textContent = texts.text("lost");
  }

  showAction(action) {
    clearTimeout(this.actionTimer);
    const { texts, current } = this;
    const role = current.role ? ` · ${current.role}` : "";
    const still = texts.text("you_are", { name: nameOf(current) }) + role;
    byId("chat-status").textContent = action
      ? texts.text(ACTIONS[action] || "action_other")
      : still;
    byId("chat-status").classList.toggle("busy", Boolean(action));
    if (action) this.actionTimer = setTimeout(() => this.showAction(null), ACTION_TIME);
  }

  showToEnd() {
    if (this.scroll.atEnd) this.missed = 0;
    byId("to-end").hidden = this.scroll.atEnd;
    byId("to-end-count").hidden = !this.missed;
    byId("to-end-count").textContent = String(this.missed);
  }

  showTitle() {
    const unread = [...this.people.values()].reduce((sum, { unread: count }) => sum + count, 0);
    const who = this.current ? `${nameOf(this.current)} · ` : "";
    document.title = `${unread ? `(${unread}) ` : ""}${who}${this.shop || "Comptoir"}`;
  }

  markRead() {
    const { current, conversation } = this;
    if (!current || document.hidden || !conversation || !conversation.loaded) return;
    const { last } = conversation;
    write(`read.${current.user_id}`, last ? last.message_id : 0);
    current.unread = 0;
    this.list.update(current);
    this.showTitle();
  }

  otherTabRead(key) {
    const [, id] = /read\.(\d+)$/.exec(key || "") || [];
    const person = this.people.get(Number(id));
    if (!person || !person.last) return;
    if (read(`read.${id}`, 0) < person.last.message_id) return;
    person.unread = 0;
    this.list.update(person);
    this.showTitle();
  }

  conversationOf(person) {
    const id = person.user_id;
    if (!this.conversations.has(id)) {
      const conversation = new Conversation({ scroll: this.scroll, tools: this.tools(person) });
      this.conversations.set(id, conversation);
      this.outbox.waitingFor(id).forEach((entry) => conversation.addPending(entry));
    }
    return this.conversations.get(id);
  }

  tools(person) {
    const conversation = () => this.conversations.get(person.user_id);
    return {
      texts: this.textsOf(person),
      openLink: (address) => this.openLink(address),
      command: (text) => this.say(text.split("@")[0], null),
      tap: (message, button, element) => this.taps.tap({ person, message, button, element }),
      isPaid: (messageId) => conversation().paid.has(messageId),
      isTapped: (messageId, data) => this.taps.waits(person.user_id, messageId, data),
      jumpTo: (id) => {
        if (!conversation().jumpTo(id)) toast(this.texts.text("deleted_message"));
      },
      reply: (message) => this.composer.reply(message),
      edit: (message) => this.composer.edit(message),
    };
  }

  openMessageMenu(id, at) {
    const message = this.conversation.messages.get(id);
    if (!message) return;
    const { texts, composer } = this;
    const entries = [
      { icon: "reply", text: texts.text("reply"), act: () => composer.reply(message) },
    ];
    if (!message.from.is_bot && message.text) {
      entries.push({ icon: "edit", text: texts.text("edit"), act: () => composer.edit(message) });
    }
    const said = message.text || message.caption;
    if (said) {
      entries.push({ icon: "copy", text: texts.text("copy_text"), act: () => this.copy(said) });
    }
    openMenu(entries, { at, label: texts.text("message_menu") });
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      toast(this.texts.text("copied"));
    } catch {
      // Browsers may refuse the clipboard: then the text is shown, to be copied by hand.
      dialog(text, { yes: this.texts.text("alert_ok") });
    }
  }

  // True when a link leads to this bot: then it is followed here.
  openLink(address) {
    const url = URL.canParse(address) ? new URL(address) : null;
    if (!url || !["t.me", "telegram.me"].includes(url.hostname)) return false;
    const name = url.pathname.slice(1).toLowerCase();
    if (name !== this.bot.username.toLowerCase()) return false;
    if (url.searchParams.has("start")) this.start(url.searchParams.get("start"));
    return true;
  }

  start(payload) {
    if (/^[A-Za-z0-9_-]{1,64}$/.test(payload)) this.say(`/start ${payload}`, null);
    else this.say("/start", null);
  }

  // --- What one does ------------------------------------------------------------

  acts() {
    return {
      say: (text, replyTo) => this.say(text, replyTo),
      change: (messageId, text) => this.change(messageId, text),
      upload: (facts) => this.upload(facts),
      shareContact: () => this.shareContact(),
      refusalOf: (file) => this.refusalOf(file),
      editLast: () => {
        const message = this.conversation.lastOwnText();
        if (message) this.composer.edit(message);
        return Boolean(message);
      },
    };
  }

  say(text, replyTo) {
    const entry = this.outbox.add(this.current.user_id, text, replyTo);
    this.conversationOf(this.current).addPending(entry);
    this.composer.setStarted(true);
    this.outbox.sendAll();
  }

  sayingRefused({ userId, text }, reason) {
    toast(this.texts.text("not_sent", { reason }));
    const mine = this.current && this.current.user_id === userId;
    if (mine && !this.composer.text.value) this.composer.insert(text);
  }

  async change(messageId, text) {
    return this.attempt("edits", { message_id: messageId, text });
  }

  async shareContact() {
    const { texts } = this;
    const yes = texts.text("share_contact_yes");
    const agreed = await dialog(texts.text("share_contact_ask"), { yes, no: texts.text("cancel") });
    if (agreed) await this.attempt("shares_contact", {});
  }

  // Acts that make no sense later are not kept for later: the person is told.
  async attempt(kind, facts) {
    try {
      await this.connection.act(this.current.user_id, kind, facts);
      return true;
    } catch (error) {
      this.tell(error);
      return false;
    }
  }

  tell(error) {
    const { texts } = this;
    if (error instanceof ConnectionLost) toast(texts.text("no_connection"));
    else toast(texts.text("not_sent", { reason: error.message }));
  }

  refusalOf(file) {
    const { texts } = this;
    const { name } = file;
    if (!file.size) return texts.text("empty_file", { name });
    if (file.size <= largestFile) return null;
    const facts = { name, size: texts.size(file.size), limit: texts.size(largestFile) };
    return texts.text("too_large", facts);
  }

  async upload({ id, file, kind, caption }) {
    const { texts } = this;
    const question = new URLSearchParams({ id, kind, caption, name: file.name });
    try {
      const address = `/people/${this.current.user_id}/uploads?${question}`;
      const answer = await fetch(address, { method: "POST", body: file });
      if (answer.ok) return true;
      const { reason } = answer.status === 409 ? await answer.json() : { reason: null };
      toast(
        reason
          ? texts.text("not_sent", { reason })
          : texts.text("upload_failed", { name: file.name }),
      );
    } catch {
      // The network, or a file that can no longer be read: either way it was not sent.
      toast(texts.text("upload_failed", { name: file.name }));
    }
    return false;
  }
}

new Page();
