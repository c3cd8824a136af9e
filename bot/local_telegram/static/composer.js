// The place where one writes: text, answers, changes, files, commands, the reply keyboard.

import { byId, icon, make } from "./dom.js";
import { summary } from "./bubbles.js";
import { newId } from "./connection.js";
import { openMenu, toast } from "./overlays.js";
import { read, write, forget } from "./storage.js";
import { CommandList } from "./commands.js";
import { longestCaption, longestText, parts } from "./limits.js";

export class Composer {
  // `acts`: say(text, replyTo), change(messageId, text), upload(facts), shareContact(),
  // editLast(). Each belongs to the person whose chat is shown.
  constructor(acts) {
    this.acts = acts;
    this.form = byId("composer");
    this.text = byId("text");
    this.mode = null;
    this.attached = null;
    this.markup = null;
    this.commands = new CommandList({ choose: (command) => this.sayCommand(command) });
    this.listen();
  }

  listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.text.addEventListener("input", () => this.typed());
    this.text.addEventListener("keydown", (event) => this.key(event));
    this.text.addEventListener("paste", (event) => {
      const [file] = event.clipboardData.files;
      if (!file) return;
      event.preventDefault();
      this.attach(file);
    });
    byId("context-close").addEventListener("click", () => this.leaveMode());
    byId("attached-close").addEventListener("click", () => this.detach());
    byId("start").addEventListener("click", () => this.acts.say("/start", null));
    byId("menu").addEventListener("click", () => this.commands.toggle());
    byId("attach").addEventListener("click", () => this.openAttachMenu());
    byId("keyboard-toggle").addEventListener("click", () => this.showKeyboard(this.isFolded));
    for (const [id, kind] of [["file-input", "document"], ["photo-input", "photo"]]) {
      byId(id).addEventListener("change", ({ target }) => {
        if (target.files[0]) this.attach(target.files[0], kind);
        target.value = "";
      });
    }
    this.acceptDrops();
  }

  acceptDrops() {
    const chat = byId("chat");
    const carries = (event) => [...event.dataTransfer.types].includes("Files");
    chat.addEventListener("dragover", (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      chat.classList.add("dropping");
    });
    chat.addEventListener("dragleave", (event) => {
      if (!chat.contains(event.relatedTarget)) chat.classList.remove("dropping");
    });
    chat.addEventListener("drop", (event) => {
      chat.classList.remove("dropping");
      if (!carries(event)) return;
      event.preventDefault();
      if (event.dataTransfer.files[0]) this.attach(event.dataTransfer.files[0]);
    });
  }

  // --- Whose turn it is ---------------------------------------------------------

  show(person, texts) {
    this.person = person;
    this.texts = texts;
    this.commands.texts = texts;
    this.detach();
    this.label();
    const draft = read(`draft.${person.user_id}`, { text: "", mode: null });
    this.text.value = draft.text;
    this.mode = draft.mode;
    this.showMode();
    this.setKeyboard(null);
    this.setCommands([]);
    this.fit();
  }

  label() {
    const say = (id, key) => {
      byId(id).setAttribute("aria-label", this.texts.text(key));
      byId(id).title = this.texts.text(key);
    };
    say("send", "send");
    say("attach", "attach");
    say("menu", "commands");
    say("keyboard-toggle", "keyboard");
    say("context-close", "cancel");
    say("attached-close", "remove_file");
    byId("menu-label").textContent = this.texts.text("menu");
    byId("start").textContent = this.texts.text("start");
    byId("commands").setAttribute("aria-label", this.texts.text("commands"));
    byId("reply-keyboard").setAttribute("aria-label", this.texts.text("keyboard_label"));
    this.text.setAttribute("aria-label", this.texts.text("placeholder"));
    this.text.placeholder = this.texts.text("placeholder");
  }

  // A chat that was never started has one button only, as in Telegram.
  setStarted(started) {
    const fresh = !started && !this.text.value;
    byId("start").hidden = !fresh;
    byId("entry").hidden = fresh;
  }

  setCommands(commands) {
    byId("menu").hidden = commands.length === 0;
    this.commands.set(commands);
  }

  focus() {
    if (matchMedia("(hover: hover)").matches) this.text.focus({ preventScroll: true });
  }

  insert(text) {
    this.text.value = text;
    this.typed();
    this.text.focus();
  }

  // --- Typing -------------------------------------------------------------------

  typed() {
    this.fit();
    this.keepDraft();
    this.commands.filter(this.mode && this.mode.kind === "edit" ? "" : this.text.value);
  }

  keepDraft() {
    const key = `draft.${this.person.user_id}`;
    if (this.text.value || this.mode) write(key, { text: this.text.value, mode: this.mode });
    else forget(key);
  }

  fit() {
    this.text.style.height = "auto";
    this.text.style.height = `${this.text.scrollHeight + 2}px`;
  }

  key(event) {
    if (event.isComposing) return;
    if (this.commands.key(event, (text) => this.insert(text))) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "ArrowUp" && !this.text.value && !this.mode) {
      if (this.acts.editLast()) event.preventDefault();
    } else if (event.key === "Escape" && this.mode) {
      event.stopPropagation();
      this.leaveMode();
    }
  }

  async submit() {
    const text = this.text.value.trim();
    this.commands.close();
    if (this.attached) {
      await this.sendAttached(text);
    } else if (this.mode && this.mode.kind === "edit") {
      if (text) await this.sendChange(text);
    } else if (text) {
      const replyTo = this.mode ? this.mode.messageId : null;
      this.clear();
      parts(text).forEach((part, index) => this.acts.say(part, index === 0 ? replyTo : null));
      this.focus();
    }
  }

  sayCommand(command) {
    this.clear();
    this.acts.say(`/${command}`, null);
    this.focus();
  }

  clear() {
    this.text.value = "";
    this.mode = null;
    this.showMode();
    this.typed();
  }

  // --- Answering and changing ---------------------------------------------------

  reply(message) {
    if (this.mode && this.mode.kind === "edit") this.leaveMode();
    // Files travel without being an answer, so it is one or the other.
    this.detach();
    const { is_bot: toBot, first_name: name } = message.from;
    const title = toBot ? this.texts.text("replying", { name }) : this.texts.text("replying_self");
    const { message_id: messageId } = message;
    this.enterMode({ kind: "reply", messageId, title, text: summary(message, this.texts) });
  }

  edit(message) {
    if (!message.text) return;
    const before = this.mode && this.mode.kind === "edit" ? this.mode.before : this.text.value;
    this.text.value = message.text;
    const { message_id: messageId, text } = message;
    this.enterMode({ kind: "edit", messageId, before, text });
    this.text.setSelectionRange(text.length, text.length);
  }

  enterMode(mode) {
    this.mode = mode;
    this.showMode();
    this.typed();
    this.text.focus();
  }

  leaveMode() {
    if (this.mode && this.mode.kind === "edit") this.text.value = this.mode.before;
    this.mode = null;
    this.showMode();
    this.typed();
    this.focus();
  }

  showMode() {
    const { mode, texts } = this;
    byId("context").hidden = !mode;
    if (!mode) return;
    const editing = mode.kind === "edit";
    byId("context-icon").setAttribute("href", editing ? "#icon-edit" : "#icon-reply");
    byId("context-title").textContent = editing ? texts.text("editing") : mode.title;
    byId("context-text").textContent = mode.text.replace(/\s+/g, " ").slice(0, 160);
  }

  async sendChange(text) {
    const { mode } = this;
    if (text.length > longestText) {
      toast(this.texts.text("edit_too_long", { count: longestText }));
      return;
    }
    if (text !== mode.text && !(await this.acts.change(mode.messageId, text))) return;
    if (this.mode === mode) this.leaveMode();
  }

  // --- Files --------------------------------------------------------------------

  openAttachMenu() {
    const { left, top } = byId("attach").getBoundingClientRect();
    const entries = [
      { icon: "photo", text: "attach_photo", act: () => byId("photo-input").click() },
      { icon: "file", text: "attach_file", act: () => byId("file-input").click() },
      { icon: "person", text: "attach_contact", act: () => this.acts.shareContact() },
    ].map((entry) => ({ ...entry, text: this.texts.text(entry.text) }));
    openMenu(entries, { at: { x: left, y: top - 6 }, label: this.texts.text("attach") });
  }

  attach(file, kind = /^image\/(png|jpeg)$/.test(file.type) ? "photo" : "document") {
    const refusal = this.acts.refusalOf(file);
    if (refusal) {
      toast(refusal);
      return;
    }
    if (this.mode) this.leaveMode();
    this.attached = { id: newId(), file, kind };
    byId("attached").hidden = false;
    byId("attached-icon").setAttribute("href", kind === "photo" ? "#icon-photo" : "#icon-file");
    byId("attached-name").textContent = file.name;
    byId("attached-size").textContent = this.texts.size(file.size);
    this.text.focus();
  }

  detach() {
    this.attached = null;
    byId("attached").hidden = true;
  }

  async sendAttached(text) {
    const { attached, person } = this;
    if (attached.sending) return;
    attached.sending = true;
    const caption = text.length <= longestCaption ? text : "";
    byId("attached-size").textContent = this.texts.text("uploading", { name: attached.file.name });
    const sent = await this.acts.upload({ ...attached, caption });
    attached.sending = false;
    if (this.attached !== attached) return;
    if (!sent) {
      byId("attached-size").textContent = this.texts.size(attached.file.size);
      return;
    }
    this.detach();
    if (this.person !== person) return;
    const unchanged = this.text.value.trim() === text;
    if (unchanged) this.clear();
    if (!caption) parts(text).forEach((part) => this.acts.say(part, null));
  }

  // --- The reply keyboard -------------------------------------------------------

  get isFolded() {
    return byId("reply-keyboard").hidden;
  }

  setKeyboard(markup) {
    this.markup = markup && markup.keyboard ? markup : null;
    byId("keyboard-toggle").hidden = !this.markup;
    const panel = byId("reply-keyboard");
    panel.replaceChildren(...(this.markup ? this.markup.keyboard.map((row) => this.line(row)) : []));
    const asked = markup && markup.input_field_placeholder;
    this.text.placeholder = asked || this.texts.text("placeholder");
    this.showKeyboard(Boolean(this.markup));
  }

  showKeyboard(shown) {
    byId("reply-keyboard").hidden = !shown;
    byId("keyboard-toggle").setAttribute("aria-expanded", String(shown));
  }

  line(row) {
    const line = make("div", { className: "keyboard-row" });
    line.style.setProperty("--buttons", row.length);
    for (const entry of row) {
      const button = typeof entry === "string" ? { text: entry } : entry;
      const label = make("span", { className: "label", text: button.text });
      const attributes = { type: "button" };
      const element = make("button", { className: "reply-button", attributes }, label);
      if (button.style) element.classList.add(button.style);
      if (button.request_contact) element.prepend(icon("person"));
      element.addEventListener("click", () => this.pressed(button));
      line.append(element);
    }
    return line;
  }

  pressed(button) {
    const elsewhere = ["request_location", "request_users", "request_chat", "request_poll", "web_app"];
    if (elsewhere.some((key) => button[key])) {
      toast(this.texts.text("not_here"));
      return;
    }
    if (button.request_contact) this.acts.shareContact();
    else this.acts.say(button.text, null);
    if (this.markup && this.markup.one_time_keyboard) this.showKeyboard(false);
  }
}
