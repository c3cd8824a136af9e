// The list of the bot's commands, which opens on "/" and on the menu button.

import { byId, make } from "./dom.js";

export class CommandList {
  constructor({ choose }) {
    this.choose = choose;
    this.all = [];
    this.shown = [];
    this.active = 0;
    this.element = byId("commands");
    document.addEventListener("pointerdown", (event) => {
      if (!event.target.closest("#composer")) this.close();
    });
  }

  get isOpen() {
    return !this.element.hidden;
  }

  set(commands) {
    this.all = commands;
    this.close();
  }

  toggle() {
    if (this.isOpen) {
      this.close();
      return;
    }
    this.open(this.all);
    byId("text").focus();
  }

  filter(text) {
    const typed = /^\/(\w*)$/.exec(text);
    const start = typed && typed[1].toLowerCase();
    this.open(typed ? this.all.filter(({ command }) => command.startsWith(start)) : []);
  }

  open(commands) {
    this.shown = commands;
    this.element.hidden = commands.length === 0;
    byId("menu").setAttribute("aria-expanded", String(this.isOpen));
    this.element.replaceChildren(
      ...commands.map(({ command, description }, index) => {
        const attributes = { id: `command-${index}`, role: "option" };
        const item = make(
          "li",
          { attributes },
          make("b", { text: `/${command}` }),
          make("span", { text: description, attributes: { dir: "auto" } }),
        );
        item.addEventListener("click", () => this.choose(command));
        return item;
      }),
    );
    this.activate(0);
  }

  close() {
    this.open([]);
  }

  activate(index) {
    this.active = index;
    [...this.element.children].forEach((item, place) => {
      item.setAttribute("aria-selected", String(place === index));
      if (place === index) item.scrollIntoView({ block: "nearest" });
    });
    const text = byId("text");
    if (this.isOpen) text.setAttribute("aria-activedescendant", `command-${index}`);
    else text.removeAttribute("aria-activedescendant");
  }

  // True when the list has used this key.
  key(event, fill) {
    if (!this.isOpen) return false;
    const { command } = this.shown[this.active];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.activate((this.active + step + this.shown.length) % this.shown.length);
    else if (event.key === "Enter" && !event.shiftKey) this.choose(command);
    else if (event.key === "Tab" && !event.shiftKey) fill(`/${command} `);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }
}
