// The scrolling of a chat: it stays at the end while one is there, and else where it is.

const NEAR_END = 40;

export class Scroll {
  // `moved(atEnd)` hears when the end is reached or left.
  constructor(scroller, moved) {
    this.scroller = scroller;
    this.moved = moved;
    this.atEnd = true;
    scroller.addEventListener("scroll", () => this.look(), { passive: true });
    this.sizes = new ResizeObserver(() => {
      if (this.atEnd) this.toEnd();
    });
    this.sizes.observe(scroller);
    // Who unfolds the last quote wants to read it from where it begins.
    scroller.addEventListener("unfolded", () => {
      this.atEnd = false;
      requestAnimationFrame(() => this.look({ always: true }));
    });
  }

  look({ always = false } = {}) {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const atEnd = scrollHeight - clientHeight - scrollTop < NEAR_END;
    if (atEnd === this.atEnd && !always) return;
    this.atEnd = atEnd;
    this.moved(atEnd);
  }

  toEnd({ smooth = false } = {}) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.scroller.scrollTo({
      top: this.scroller.scrollHeight,
      behavior: smooth && !calm ? "smooth" : "instant",
    });
    this.look();
  }

  // Show a chat where it was left, or at its end.
  show(element, place) {
    const before = this.scroller.firstElementChild;
    if (before) this.sizes.unobserve(before);
    this.scroller.replaceChildren(element);
    this.sizes.observe(element);
    const kept = place && !place.atEnd && place.anchor && place.anchor.isConnected;
    this.atEnd = !kept;
    if (kept) this.scroller.scrollTop += this.topOf(place.anchor) - place.top;
    else this.toEnd();
    this.moved(this.atEnd);
  }

  place() {
    const anchor = this.firstVisible();
    return { atEnd: this.atEnd, anchor, top: anchor ? this.topOf(anchor) : 0 };
  }

  topOf(element) {
    return element.getBoundingClientRect().top - this.scroller.getBoundingClientRect().top;
  }

  // Change something without moving what is being read.
  keep(change, { toEnd = false } = {}) {
    if (this.atEnd || toEnd) {
      change();
      this.atEnd = true;
      this.toEnd();
      return;
    }
    const anchor = this.firstVisible();
    const before = anchor && this.topOf(anchor);
    change();
    if (anchor && anchor.isConnected) {
      this.scroller.scrollTop += this.topOf(anchor) - before;
    }
  }

  firstVisible() {
    const list = this.scroller.firstElementChild;
    if (!list) return null;
    const edge = this.scroller.getBoundingClientRect().top;
    let low = 0;
    let high = list.children.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list.children[middle].getBoundingClientRect().bottom > edge) high = middle;
      else low = middle + 1;
    }
    return list.children[low] || null;
  }
}
