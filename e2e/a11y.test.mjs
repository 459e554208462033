// Every page passes every gate: axe, html-validate, its golden aria snapshot, the phrases of a virtual screen reader, and
// a walk by keyboard; and the whole booking can be done without a mouse.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchBrowser, newPage } from './lib/browser.mjs';
import { describe, inspect } from './lib/gates.mjs';
import { customer, payByControl, shopNamed } from './lib/journeys.mjs';
import { Keyboard, walk } from './lib/keyboard.mjs';
import { startDemo } from './lib/program.mjs';
import { pagesOf } from './pages.mjs';

// What chance makes differ from run to run: the code of a booking and the numbers of orders and payments.
const CHANCE = [
  [/(?<=到店码[^\n]*\n(?:.*\n){0,2}.*)\d{3} \d{3}/g, 'CODE'],
  [/\b\d{12,}\b/g, 'NUMBER'],
  [/(?<=127\.0\.0\.1:)\d+/g, 'PORT'],
  [/\b[PR]0[0-9a-z]{12}\b/g, 'NUMBER'],
  // The hour in which the demo's clock starts, and what the desk says in between.
  [/上午 10 点(半|一刻| \d+ 分)?/g, 'NOW'],
  [/\b10:\d\d\b/g, 'NOW'],
  // Until when an answer is awaited follows from when it was asked for.
  [/最晚今天[^，。]*答复/g, '最晚 LIMIT 答复'],
  [/^- alert.*$/gm, '- alert'],
  [/还没读出|已读出/g, 'SAID'],
];

let demo;
let browser;
before(async () => {
  demo = await startDemo();
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

test('every page', async (t) => {
  const only = process.env.TUINA_E2E_PAGE;
  const pages = await pagesOf(browser, demo);
  const seen = new Set();
  for (const entry of pages.filter(({ name }) => !only || name.match(only))) {
    await t.test(entry.name, () => passes(entry, seen));
  }
  if (!only) await t.test('no page is forgotten', () => assert.deepEqual(forgotten(pages, seen), []));
});

async function passes(entry, seen) {
  const page = await newPage(browser, { width: 1280, height: 900, cookies: entry.cookies });
  try {
    const answer = await page.goto(demo.url + entry.path);
    assert.equal(answer.status(), entry.status ?? 200);
    await entry.prepare?.(page);
    // The whole page in the window: a bar at its foot would cover whatever happens to be there.
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ width: 1280, height: Math.min(height + 200, 12_000) });
    await page.evaluate(() => document.fonts.ready);
    const defects = await inspect(page, entry.name, { phrases: entry.phrases, mask: [...CHANCE, ...(entry.mask ?? [])] });
    const { defects: keyboard } = await walk(page);
    defects.push(...keyboard.map((words) => ({ gate: 'keyboard', words })));
    for (const href of await page.locator('a[href^="/"]').evaluateAll((links) => links.map((link) => link.getAttribute('href')))) {
      seen.add(shape(href));
    }
    assert.equal(defects.length, 0, describe(entry.name, defects));
  } finally {
    await page.context().close();
  }
}

/** An address without what differs: `/shops/7/book?x=1` becomes `/shops/N/book`. */
function shape(address) {
  return address.replace(/[?#].*$/, '').replace(/\d{4}-\d{2}-\d{2}/g, 'DAY').replace(/\b\d{4}-\d{2}\b/g, 'MONTH').replace(/(?<=\/)[0-9a-z]{13}(?=\/|$)/g, 'N');
}

/** Addresses that pages link to and that are on no list. */
function forgotten(pages, seen) {
  const listed = new Set(pages.map(({ path }) => shape(path)));
  // Doors that lead elsewhere at once, and tables to take away.
  const doors = [/^\/wechat\//, /^\/assets\//, /^\/photos\//, /^\/desk\/wechat$/, /^\/console\/shop$/, /\/table$/, /^\/api\/v1\/openapi\.json$/];
  return [...seen].filter((path) => !listed.has(path) && !doors.some((door) => door.test(path))).sort();
}

test('the booking by keyboard alone', async () => {
  const shop = await shopNamed(demo, '明心');
  const visitor = await customer(browser, demo, 'chenchen');
  const { page } = visitor;
  await page.goto(`${demo.url}/shops/${shop.id}`);
  const keyboard = new Keyboard(page);
  await keyboard.to(/^预约 .*明心/);
  await keyboard.press('Enter');
  await visitor.at(/^\/shops\/[^/]+\/book$/);
  await keyboard.to(/^返回/);
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await visitor.at(/^\/shops\/[^/]+\/book\/[^/]+$/);
  await keyboard.to(/^返回/);
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await visitor.at(/\/times$/);
  await keyboard.to(/有空$/, { most: 40 });
  await keyboard.press('Space');
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await visitor.at(/\/details$/);
  await keyboard.to(/^称呼/);
  await keyboard.type('陈女士');
  await keyboard.to(/^手机号/);
  await keyboard.type('13900139000');
  await keyboard.to(/^(轻|中|重)/);
  await keyboard.press('ArrowDown');
  await keyboard.to(/^我没有|以上|情况/, { most: 6 });
  await keyboard.press('Space');
  await keyboard.press('Enter');
  const { pathname } = await visitor.at(/^\/orders\/[^/]+\/payment$/);
  await payByControl(demo, 'chenchen');
  await page.goto(`${demo.url}${pathname}?paid=1`);
  await keyboard.to(/^查看/);
  await keyboard.press('Enter');
  await visitor.at(/^\/bookings\/[^/]+$/);
  assert.match(await page.locator('main').innerText(), /陈女士/);
  await visitor.close();
});
