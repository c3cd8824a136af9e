// The list of the persons that one can be.

import { byId, make, nameOf, paint } from "./dom.js";
import { summary } from "./bubbles.js";

export class PeopleList {
  // `textsOf(person)` are the page's texts in a person's language.
  constructor({ textsOf }) {
    this.textsOf = textsOf;
    this.rows = new Map();
  }

  show(people) {
    this.rows = new Map(people.map((person) => [person.user_id, this.row(person)]));
    byId("people-list").replaceChildren(...[...this.rows.values()].map(({ item }) => item));
    for (const person of people) this.update(person);
    byId("nobody-list").replaceChildren(...people.map((person) => this.introduction(person)));
  }

  // On a desk: what each person can try first, while nobody is chosen yet.
  introduction(person) {
    const name = make("b", { text: nameOf(person) });
    const role = make("span", { className: "row-role", text: person.role });
    const line = make("span", { className: "welcome-try", text: person.try_this });
    line.setAttribute("dir", "auto");
    const attributes = { href: `#${person.user_id}` };
    return make("li", {}, make("a", { attributes }, make("span", {}, name, " ", role), line));
  }

  row(person) {
    const name = nameOf(person);
    const avatar = make("span", { className: "avatar", attributes: { "aria-hidden": "true" } });
    paint(avatar, person.user_id, name);
    const time = make("time", { className: "row-time" });
    const last = make("span", { className: "row-last", attributes: { dir: "auto" } });
    const badge = make("span", { className: "badge" });
    const link = make(
      "a",
      { className: "row", attributes: { href: `#${person.user_id}` } },
      avatar,
      make(
        "span",
        { className: "row-top" },
        make("bdi", { className: "row-name", text: name }),
        time,
      ),
      make("span", { className: "row-role", text: person.role, attributes: { dir: "auto" } }),
      make("span", { className: "row-bottom" }, last, badge),
    );
    return { item: make("li", {}, link), link, time, last, badge };
  }

  update(person) {
    const { time, last, badge } = this.rows.get(person.user_id);
    const texts = this.textsOf(person);
    const message = person.last;
    time.textContent = message ? texts.short(message.date) : "";
    const own = message && message.from && !message.from.is_bot;
    const said = message ? summary(message, texts) : texts.text("no_messages");
    last.textContent = own ? `${texts.text("you")}: ${said}` : said;
    badge.hidden = !person.unread;
    badge.textContent = person.unread > 99 ? "99+" : String(person.unread);
    badge.setAttribute("aria-label", texts.text("unread", { count: person.unread }));
  }

  choose(userId) {
    for (const [id, { link }] of this.rows) {
      if (id === userId) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }
}
