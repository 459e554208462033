// The page by keyboard alone: a walk through everything Tab reaches, and a counter of key presses for tasks.

/**
 * Walks with Tab from the top of the page until the focus leaves it.
 *
 * @returns `{ stops, defects }`: every stop as `{ role, name, selector }` in focus order, and sentences about what
 *   is wrong: traps, invisible or thin (< 3 px) focus, focus under a bar, unreachable or too small controls, order
 */
export async function walk(page, { most = 300, leastRing = 3 } = {}) {
  const cdp = await page.context().newCDPSession(page);
  const stops = [];
  const defects = [];
  await page.evaluate(prepare);
  for (;;) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(lookAtFocus, leastRing);
    if (stop.end) break;
    if (stop.inside) continue;
    if (stop.seen !== undefined) {
      if (stop.index === stop.seen) defects.push(`keyboard trap: Tab does not leave ${stop.selector}`);
      else if (stop.seen > 0) defects.push(`keyboard trap: Tab goes round from ${stops.at(-1).selector} to ${stop.selector}`);
      break;
    }
    const { role, name } = await accessibleFocus(cdp);
    stops.push({ role, name, selector: stop.selector });
    defects.push(...stop.defects);
    if (!name) defects.push(`${stop.selector} takes the focus and has no name`);
    if (stops.length >= most) {
      defects.push(`no end after ${most} presses of Tab`);
      break;
    }
  }
  defects.push(...(await page.evaluate(lookBack)));
  await cdp.detach();
  return { stops, defects };
}

/** Key presses on one page, counted. `keys` is the count so far. */
export class Keyboard {
  keys = 0;

  constructor(page) {
    this.page = page;
  }

  /** Presses one key, e.g. `Tab`, `Enter`, `ArrowDown`, `Shift+Tab`. */
  async press(key) {
    this.keys += 1;
    await this.page.keyboard.press(key);
  }

  /** Types text into what has the focus; every character counts as a key. */
  async type(text) {
    this.keys += [...text].length;
    await this.page.keyboard.type(text);
  }

  /** Presses `key` until the focused element's name matches; throws with the names passed after `most` presses. */
  async to(name, { key = 'Tab', most = 60 } = {}) {
    const passed = [];
    for (let press = 0; press < most; press++) {
      await this.press(key);
      const focus = await this.focused();
      if (name instanceof RegExp ? name.test(focus.name) : focus.name.includes(name)) return focus;
      passed.push(`${focus.role} ${focus.name}`);
    }
    throw new Error(`${most} × ${key} did not reach ${name}. Passed: ${passed.join(' | ')}`);
  }

  /** Role and name, as assistive technology has them, of what has the focus. */
  async focused() {
    const cdp = await this.page.context().newCDPSession(this.page);
    try {
      return await accessibleFocus(cdp);
    } finally {
      await cdp.detach();
    }
  }
}

async function accessibleFocus(cdp) {
  const { result } = await cdp.send('Runtime.evaluate', { expression: 'document.activeElement' });
  const { nodes } = await cdp.send('Accessibility.getPartialAXTree', { objectId: result.objectId, fetchRelatives: false });
  return { role: nodes[0]?.role?.value ?? '', name: nodes[0]?.name?.value ?? '' };
}

/** In the page: notes every control that Tab should reach, and functions that the later steps use. */
function prepare() {
  // A page that came with an error has its focus on the summary; the walk begins before everything.
  document.body.setAttribute('tabindex', '-1');
  document.body.focus();
  document.body.removeAttribute('tabindex');
  window.scrollTo(0, 0);
  getSelection()?.removeAllRanges();
  const visible = (element) =>
    element.checkVisibility({ checkOpacity: false, checkVisibilityCSS: true }) && element.getClientRects().length > 0;
  const selectorOf = (element) => {
    if (element.id) return `#${element.id}`;
    const words = (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().replace(/\s+/g, ' ').slice(0, 30);
    return `${element.localName}${element.name ? `[name=${element.name}]` : ''} "${words}"`;
  };
  const spreadOf = (shadow) => parseFloat(shadow.match(/-?[\d.]+px/g)?.[3] ?? '0');
  const ringOf = (element) => {
    const style = getComputedStyle(element);
    const ring = style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth);
    const spreads = style.boxShadow === 'none' ? [] : style.boxShadow.split(/,(?![^(]*\))/).map(spreadOf);
    return Math.max(ring, ...spreads);
  };
  const wanted = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex], [contenteditable=true]')]
    .filter((element) => visible(element) && !element.disabled && element.tabIndex >= 0 && element.type !== 'hidden');
  globalThis.tuinaWalk = { visible, selectorOf, ringOf, wanted, passed: [], parts: 0 };
}

/** In the page: the newly focused element, whether it was there before, and what is wrong with it. */
function lookAtFocus(leastRing) {
  const walk = globalThis.tuinaWalk;
  const element = document.activeElement;
  if (!element || element === document.body || element === document.documentElement) return { end: true };
  const seen = walk.passed.indexOf(element);
  // Year, month and day are stops inside one control.
  if (seen === walk.passed.length - 1 && /^(date|time|datetime-local|month)$/.test(element.type) && walk.parts++ < 6) return { inside: true };
  walk.parts = 0;
  if (seen >= 0) return { seen, index: walk.passed.length - 1, selector: walk.selectorOf(element) };
  const defects = [];
  const selector = walk.selectorOf(element);
  const previous = walk.passed.at(-1);
  if (previous && previous.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING) {
    defects.push(`the focus goes back from ${walk.selectorOf(previous)} to ${selector}, which stands before it`);
  }
  walk.passed.push(element);
  const ring = walk.ringOf(element);
  if (ring < leastRing) defects.push(`${selector}: the focus ring is ${ring} px, not ${leastRing}`);
  // Of what is larger than the window, the part that shows counts.
  const box = element.getBoundingClientRect();
  const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
  const [above, below] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
  const [x, y] = [(left + right) / 2, (above + below) / 2];
  const inside = left < right && above < below;
  const top = inside ? document.elementFromPoint(x, y) : null;
  const related = top && (element.contains(top) || top.contains(element) || [...(element.labels ?? [])].some((l) => l.contains(top)));
  if (!inside) defects.push(`${selector}: the focus is outside the visible part of the page`);
  else if (top && !related) defects.push(`${selector}: the focus is under ${walk.selectorOf(top)}`);
  return { selector, defects };
}

/** In the page, after the walk: what was never reached, and what can be clicked but not focused. */
function lookBack() {
  const { passed, wanted, visible, selectorOf } = globalThis.tuinaWalk;
  const group = (element) => (element.type === 'radio' && element.name ? `${element.form?.id}/${element.name}` : element);
  const reached = new Set(passed.map(group));
  const defects = wanted
    .filter((element) => !reached.has(group(element)) && element.isConnected && visible(element))
    .map((element) => `Tab never reaches ${selectorOf(element)}`);
  for (const element of wanted) {
    const labels = [...(element.labels ?? [])];
    const boxes = [element, ...labels].map((part) => part.getBoundingClientRect());
    const inline = getComputedStyle(element).display === 'inline';
    if (!inline && visible(element) && Math.max(...boxes.map((box) => Math.min(box.width, box.height))) < 24) {
      defects.push(`${selectorOf(element)} is smaller than 24 px, with its label`);
    }
  }
  for (const element of document.querySelectorAll('[onclick], [role=button], [role=link]')) {
    const native = element.closest('a[href], button, input, select, textarea, summary, label, [tabindex]:not([tabindex="-1"])');
    if (!native && visible(element)) defects.push(`${selectorOf(element)} can be clicked but not reached by Tab`);
  }
  return defects;
}
