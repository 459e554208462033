// A virtual screen reader inside Chromium: what would be said, item by item, and what live regions say.
import path from 'node:path';

const SCRIPT = path.resolve(import.meta.dirname, '../node_modules/@guidepup/virtual-screen-reader/lib/esm/index.browser.js');
const ADDRESS = '/tuina-e2e/virtual-screen-reader.js';
const MOST_PHRASES = 2_000;

/** Every phrase of the page from its beginning to its end, in reading order. */
export async function readAll(page) {
  await start(page);
  return page.evaluate(async (most) => {
    const reader = globalThis.tuinaReader;
    try {
      const phrases = [];
      while (phrases.length < most) {
        phrases.push(await reader.lastSpokenPhrase());
        if (phrases.at(-1) === 'end of document') return phrases;
        await reader.next();
      }
      throw new Error(`the page has no end after ${most} phrases`);
    } finally {
      await reader.stop();
    }
  }, MOST_PHRASES);
}

/**
 * What live regions say while `change` happens, e.g. `polite: 已接单` or `assertive: 新订单`.
 *
 * @param change an async function that makes the page change; it gets the page
 * @param ms how long to listen after the change
 */
export async function heardDuring(page, change, ms = 300) {
  await start(page);
  await change(page);
  await page.waitForTimeout(ms);
  return page.evaluate(async () => {
    const phrases = await globalThis.tuinaReader.spokenPhraseLog();
    await globalThis.tuinaReader.stop();
    return phrases.filter((phrase) => /^(polite|assertive): /.test(phrase));
  });
}

/** The phrases wanted that are not among `spoken` in this order, in words. */
export function missingPhrases(spoken, wanted) {
  const missing = [];
  let from = 0;
  for (const phrase of wanted) {
    const fits = (text) => (phrase instanceof RegExp ? phrase.test(text) : text.includes(phrase));
    const at = spoken.slice(from).findIndex(fits);
    if (at >= 0) from += at + 1;
    else missing.push(`${phrase} is never said${spoken.some(fits) ? ' at this place' : ''}`);
  }
  if (missing.length) missing.push(`what is said: ${spoken.join(' | ')}`);
  return missing;
}

async function start(page) {
  // Served from the page's own origin, so that its content security policy need not be weakened.
  await page.route(`**${ADDRESS}`, (route) => route.fulfill({ path: SCRIPT, contentType: 'text/javascript' }));
  try {
    await page.evaluate(async (address) => {
      globalThis.tuinaReader = (await import(address)).virtual;
      await globalThis.tuinaReader.start({ container: document.body });
    }, ADDRESS);
  } finally {
    await page.unroute(`**${ADDRESS}`);
  }
}
