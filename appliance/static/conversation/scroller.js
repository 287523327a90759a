/**
 * Keeps the reader's place while a list grows at both ends, changes in between, and its pictures come.
 *
 * The place is the first messages that are seen, and how far below the edge they are; or the bottom, when the reader
 * is there. Whatever moves a message but the reader is undone, also when the browser tells of the reader's scrolling
 * only after that. Browsers' own anchoring is switched off (conversation.css): not all have it, and two would quarrel.
 */

const NEAR_BOTTOM = 24; // pixels
const ANCHORS = 4; // messages that are remembered: some may be gone

export class Scroller {
  /** Is the reader at the bottom? Then what comes is scrolled to. */
  atBottom = true;
  #anchors = /** @type {{element: Element, top: number}[]} */ ([]);
  #top = 0; // `scrollTop` and height when they were looked at last
  #height = 0;
  #sizes = new ResizeObserver(() => this.keep());

  /**
   * @param {HTMLElement} element scrolls
   * @param {HTMLElement} list whose children stand below each other
   * @param {() => number} furthest how far down `keep` may follow new messages, as a `scrollTop`
   */
  constructor(element, list, furthest) {
    this.element = element;
    this.list = list;
    this.furthest = furthest;
    this.#sizes.observe(element);
    for (const child of element.children) this.#sizes.observe(child);
  }

  close() {
    this.#sizes.disconnect();
  }

  /** Call it after each change of the list, and when the reader has scrolled. */
  keep() {
    if (this.atBottom && !this.#hasLeftBottom()) this.#follow();
    else this.#undoShift();
    this.#remember();
  }

  #hasLeftBottom() {
    const { scrollTop, scrollHeight } = this.element;
    return scrollTop < this.#top - 1 && scrollHeight >= this.#height && this.#below() > NEAR_BOTTOM; // a list that shrinks is moved up, too
  }

  /** Pixels that are below what is seen. */
  #below() {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight;
  }

  #follow() {
    this.element.scrollTop = Math.min(this.element.scrollHeight, this.furthest());
  }

  /** What has moved a message since, besides the reader's scrolling. */
  #undoShift() {
    const anchor = this.#anchors.find(({ element }) => element.isConnected);
    if (!anchor) return;
    const scrolled = this.element.scrollTop - this.#top;
    const shift = anchor.element.getBoundingClientRect().top - this.element.getBoundingClientRect().top - (anchor.top - scrolled);
    if (Math.abs(shift) >= 0.5) this.element.scrollTop += shift;
  }

  #remember() {
    const { top, bottom } = this.element.getBoundingClientRect();
    this.atBottom = this.#below() <= NEAR_BOTTOM;
    this.#top = this.element.scrollTop;
    this.#height = this.element.scrollHeight;
    this.#anchors = this.seen(top, bottom)
      .slice(0, ANCHORS)
      .map((each) => ({ element: each, top: each.getBoundingClientRect().top - top }));
  }

  /** @param {number} top */
  #to(top) {
    this.element.scrollTop = top;
    this.#remember();
  }

  toBottom() {
    this.#to(this.element.scrollHeight);
  }

  /** @param {Element} child @param {number} share of the height that is above it */
  show(child, share) {
    const { top, height } = child.getBoundingClientRect();
    const edge = this.element.getBoundingClientRect();
    const room = Math.max(0, Math.min(edge.height * share, edge.height - height));
    this.#to(this.element.scrollTop + top - edge.top - room);
  }

  /** Only as far as is needed to see all of it. @param {Element} child @param {number} covered pixels at the top that something lies over */
  reveal(child, covered = 0) {
    const { top, bottom } = child.getBoundingClientRect();
    const edge = this.element.getBoundingClientRect();
    if (top < edge.top + covered || bottom - top > edge.height) this.#to(this.element.scrollTop + top - edge.top - covered);
    else if (bottom > edge.bottom) this.#to(this.element.scrollTop + bottom - edge.bottom);
  }

  /** Is the first child that is seen of this kind, and wholly in sight? @param {string} selector */
  startsWith(selector) {
    const { top } = this.element.getBoundingClientRect();
    const [child] = this.seen(top, top + 1);
    return !!child?.matches(selector) && child.getBoundingClientRect().top >= top;
  }

  /** Children that are at least in part between two heights of the window. @param {number} top @param {number} bottom */
  seen(top, bottom) {
    const children = this.list.children;
    const found = /** @type {HTMLElement[]} */ ([]);
    for (let at = first(children, top); at < children.length && children[at].getBoundingClientRect().top < bottom; at++) {
      found.push(/** @type {HTMLElement} */ (children[at]));
    }
    return found;
  }
}

/** The first child that reaches below a height: they stand in order. @param {HTMLCollection} children @param {number} top */
function first(children, top) {
  let [low, high] = [0, children.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (children[middle].getBoundingClientRect().bottom > top) high = middle;
    else low = middle + 1;
  }
  return low;
}
