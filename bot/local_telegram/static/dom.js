// Building nodes. Texts become text nodes, never markup: nothing here reads HTML.

const SVG = "http://www.w3.org/2000/svg";

export function make(name, { className, text, title, attributes = {} } = {}, ...children) {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  if (title) element.title = title;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export function icon(name) {
  const element = document.createElementNS(SVG, "svg");
  element.setAttribute("class", "icon");
  element.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#icon-${name}`);
  element.append(use);
  return element;
}

export function byId(id) {
  return document.getElementById(id);
}

export function initials(name) {
  const words = name.split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words.slice(0, 1);
  return letters.map((word) => [...word][0].toLocaleUpperCase()).join("");
}

// One of six calm colours, always the same one for the same person.
export function paint(avatar, id, name) {
  avatar.textContent = initials(name);
  avatar.dataset.colour = String(Math.abs(Number(id) || 0) % 6);
}

export function nameOf(person) {
  return [person.first_name, person.last_name].filter(Boolean).join(" ");
}
