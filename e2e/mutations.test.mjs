// The gates prove themselves: the right page passes all of them, each defect is caught by those that must see it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { mutant, mutations, rightPage, rightPhrases } from './fixtures/booking-page.mjs';
import { launchBrowser, newPage } from './lib/browser.mjs';
import { describe, inspect } from './lib/gates.mjs';
import { updating } from './lib/golden.mjs';
import { walk } from './lib/keyboard.mjs';
import { serveSite } from './lib/site.mjs';
import { heardDuring } from './lib/virtual-reader.mjs';

const LIVE_WORDS = 'polite: 已确认，张女士，下午三点。';

let browser;
let site;
before(async () => {
  site = await serveSite({ '/': rightPage, ...Object.fromEntries(mutations.map((m, index) => [`/${index}`, mutant(m)])) });
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await site?.close();
});

test('the right page passes every gate', async () => {
  const defects = await allDefects('/');
  assert.equal(defects.length, 0, describe('the right page', defects));
});

for (const [index, mutation] of mutations.entries()) {
  test(`caught: ${mutation.name}`, { skip: updating() && 'writing golden files' }, async () => {
    const defects = await allDefects(`/${index}`);
    const caughtBy = new Set(defects.map(({ gate }) => gate));
    for (const gate of mutation.gates) {
      assert.ok(caughtBy.has(gate), `${gate} misses ${mutation.name}. ${describe('What was found', defects)}`);
    }
  });
}

async function allDefects(path) {
  const page = await newPage(browser, { width: 1280, height: 900 });
  try {
    await page.goto(site.url + path);
    const defects = await inspect(page, 'harness-booking', { phrases: rightPhrases });
    const { defects: keyboardDefects } = await walk(page);
    defects.push(...keyboardDefects.map((words) => ({ gate: 'keyboard', words })));
    const heard = await heardDuring(page, () => page.locator('#confirm').click());
    if (!heard.includes(LIVE_WORDS)) defects.push({ gate: 'live', words: `"${LIVE_WORDS}" is not heard, but: ${heard}` });
    return defects;
  } finally {
    await page.context().close();
  }
}
