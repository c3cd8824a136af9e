// What lies over the chat for a moment: toasts, the dialog, the menu of a message.

import { byId, icon, make } from "./dom.js";

const TOAST_TIME = 4_500;

export function toast(text) {
  const element = make("p", { className: "toast", text, attributes: { dir: "auto" } });
  const toasts = byId("toasts");
  while (toasts.children.length >= 3) toasts.firstElementChild.remove();
  toasts.append(element);
  element.addEventListener("click", () => element.remove());
  setTimeout(() => element.remove(), TOAST_TIME + text.length * 25);
}

// Dialogs come one after another. The promise tells whether it was confirmed.
let last = Promise.resolve();

export function dialog(text, { yes, no = null }) {
  last = last.then(() => showDialog(text, yes, no));
  return last;
}

function showDialog(text, yes, no) {
  const element = byId("alert");
  byId("alert-text").textContent = text;
  const form = element.querySelector("form");
  form.replaceChildren();
  if (no) {
    const attributes = { value: "no", type: "submit" };
    form.append(make("button", { className: "plain-button", text: no, attributes }));
  }
  const attributes = { value: "yes", type: "submit", autofocus: "" };
  form.append(make("button", { className: "plain-button strong", text: yes, attributes }));
  element.returnValue = "";
  element.showModal();
  return new Promise((resolve) => {
    element.addEventListener("close", () => resolve(element.returnValue === "yes"), { once: true });
  });
}

// A small menu beside a point or an element. `entries`: [{icon, text, act}].
export function openMenu(entries, { at, label }) {
  const menu = byId("pop-menu");
  const before = document.activeElement;
  menu.setAttribute("aria-label", label);
  menu.replaceChildren(
    ...entries.map(({ icon: name, text, act }) => {
      const attributes = { type: "button", role: "menuitem", tabindex: "-1" };
      const element = make("button", { attributes }, icon(name), text);
      element.addEventListener("click", () => {
        close(false);
        act();
      });
      return element;
    }),
  );
  menu.hidden = false;
  place(menu, at);
  const items = [...menu.children];
  items[0].focus();

  function close(giveFocusBack = true) {
    menu.hidden = true;
    menu.onkeydown = null;
    removeEventListener("pointerdown", outside, true);
    removeEventListener("resize", close);
    if (giveFocusBack && before instanceof HTMLElement) before.focus({ preventScroll: true });
  }
  function outside(event) {
    if (!menu.contains(event.target)) close();
  }
  menu.onkeydown = (event) => {
    const index = items.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) items[(index + step + items.length) % items.length].focus();
    else if (event.key === "Escape" || event.key === "Tab") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  addEventListener("pointerdown", outside, true);
  addEventListener("resize", close);
}

function place(menu, { x, y }) {
  const { width, height } = menu.getBoundingClientRect();
  const left = Math.max(8, Math.min(x, innerWidth - width - 8));
  const below = y + height + 8 <= innerHeight;
  menu.style.left = `${left}px`;
  menu.style.top = `${below ? y : Math.max(8, y - height)}px`;
}
