// Reaching what can be done with a message: a long touch, the other mouse button, the keyboard.

const LONG_TOUCH = 450;
const STILL = 10;

// `open(messageId, point)` is called when someone asks for a message's menu.
export function watchMessages(scroller, { open }) {
  let timer = 0;
  let start = null;
  let opened = false;

  const messageAt = (target) => target.closest(".message[data-id]");
  const ask = (item, at) => open(Number(item.dataset.id), at);
  const stop = () => clearTimeout(timer);

  scroller.addEventListener("pointerdown", (event) => {
    stop();
    opened = false;
    const item = messageAt(event.target);
    if (!item || event.pointerType === "mouse") return;
    start = { x: event.clientX, y: event.clientY };
    timer = setTimeout(() => {
      opened = true;
      ask(item, start);
    }, LONG_TOUCH);
  });
  scroller.addEventListener("pointermove", (event) => {
    if (start && Math.hypot(event.clientX - start.x, event.clientY - start.y) > STILL) stop();
  });
  for (const name of ["pointerup", "pointercancel", "scroll"]) {
    scroller.addEventListener(name, stop, { capture: true, passive: true });
  }
  // The finger that opened the menu goes up: that is no tap on what lies below it.
  scroller.addEventListener(
    "click",
    (event) => {
      if (!opened) return;
      opened = false;
      event.preventDefault();
      event.stopPropagation();
    },
    { capture: true },
  );

  scroller.addEventListener("contextmenu", (event) => {
    const item = messageAt(event.target);
    if (opened) event.preventDefault();
    if (!item || opened || event.target.closest("a") || String(getSelection())) return;
    event.preventDefault();
    stop();
    opened = event.pointerType === "touch";
    ask(item, { x: event.clientX, y: event.clientY });
  });

  // With the keyboard: up and down walk through the messages, Enter opens the menu.
  scroller.addEventListener("keydown", (event) => {
    const onMessage = event.target.matches(".message[data-id]");
    if (event.key === "Enter" && onMessage) {
      const { left, bottom } = event.target.firstElementChild.getBoundingClientRect();
      event.preventDefault();
      ask(event.target, { x: left, y: bottom });
      return;
    }
    const forward = { ArrowUp: false, ArrowDown: true }[event.key];
    if (forward === undefined || (!onMessage && event.target !== scroller)) return;
    const items = [...scroller.querySelectorAll(".message[data-id]")];
    const index = onMessage ? items.indexOf(event.target) : items.length;
    const next = items[index + (forward ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  });
}
