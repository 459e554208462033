// A shop's day by ear: what an owner does beyond the first order, with real Orca and real keys, each within its budget.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchBrowser } from './lib/browser.mjs';
import { bookAndPay, customer, post, shopNamed, staff } from './lib/journeys.mjs';
import { turnClock } from './lib/phone.mjs';
import { startDemo } from './lib/program.mjs';
import { budgets, table } from './orca/budgets.mjs';
import { startOrca } from './orca/drive.mjs';

let demo;
let browser;
let shop;
let visitor;
let owner;
let orca;
let moved;
const costs = [];
before(async () => {
  demo = await startDemo();
  browser = await launchBrowser();
  shop = await shopNamed(demo, '清和堂');
  visitor = await customer(browser, demo, 'zhangli');
  owner = await staff(browser, demo, 'owner1');
  orca = await startOrca(`${demo.url}/sign-in`);
  const cookies = await owner.context().cookies(demo.url);
  await orca.page.context().addCookies(cookies.filter(({ name }) => name !== 'tuina_browser'));
});
after(async () => {
  if (costs.length) console.log(table(costs));
  await orca?.stop();
  await browser?.close();
  await demo?.stop();
});

function kept(result) {
  costs.push(result);
  assert.deepEqual(result.over, [], `heard: ${orca.spoken().join(' | ')}`);
}

/** Done by ear and within its keys; what has to be listened to is still over the budget and stands in the table. */
function keysKept(result) {
  costs.push(result);
  assert.ok(result.cost.keys <= result.budget.keys, `${result.cost.keys} keys; heard: ${orca.spoken().join(' | ')}`);
}

const book = (index) => bookAndPay(visitor, shop, 'zhangli', { index });

/** A booking at the time `index` of those that are free, which the shop has accepted. */
async function accepted(index) {
  const made = await book(index);
  await owner.goto(`${demo.url}/desk/bookings/${made.booking}`);
  const version = await owner.locator('form[action$="/confirmation"] input[name=version]').inputValue();
  const answer = await post(owner, `/desk/bookings/${made.booking}/confirmation`, { version });
  assert.equal(answer.status(), 303);
  return made;
}

test('a day off', async () => {
  const task = orca.task(budgets.hours);
  await owner.goto(`${demo.url}/desk/shifts`);
  await task.open(demo.url + (await owner.locator('main a[href$="/leave"]').first().getAttribute('href')));
  // The last button of the page is the one that enters it.
  await task.key('shift+b', 'Return');
  kept(await task.answer(/已登记.*请假/));
  // The others need both therapists.
  await owner.goto(orca.page.url());
  const withdrawal = await owner.locator('form[action$="/withdrawal"]').first().getAttribute('action');
  assert.equal((await post(owner, withdrawal)).status(), 303);
});

test('decline with a reason', async () => {
  await book(12);
  const task = orca.task(budgets.decline);
  await task.open(`${demo.url}/desk`);
  await task.keyUntil('b', /婉拒 ?张女士/, 2);
  await task.key('Return');
  await task.keyUntil('b', /婉拒，师傅临时不在 ?张女士/, 1);
  await task.key('Return');
  keysKept(await task.answer(/已婉拒 ?张女士.*退给顾客/));
});

test('give a booking to another therapist', async () => {
  const { booking } = await accepted(4);
  const task = orca.task(budgets.reassign);
  await task.open(`${demo.url}/desk/bookings/${booking}`);
  await task.keyUntil('b', /换师傅 ?张女士/, 3);
  await task.follow('Return');
  await task.key('r', 'space', 'Return');
  keysKept(await task.answer(/已改约，张女士/));
});

test('move a booking at the desk', async () => {
  const { booking, order } = await accepted(16);
  moved = order;
  const task = orca.task(budgets.moveAtDesk);
  await task.open(`${demo.url}/desk/bookings/${booking}`);
  await task.keyUntil('b', /改约 ?张女士/, 2);
  await task.follow('Return');
  // The time, and whether the customer has agreed.
  await task.key('r', 'space', 'Tab', 'space', 'Return');
  keysKept(await task.answer(/已改约，张女士/));
});

test('arrived, started, done', async () => {
  await accepted(0);
  await turnClock(demo, 45);
  const task = orca.task(budgets.progress);
  await task.open(`${demo.url}/desk/bookings`);
  await task.keyUntil('b', /签到 ?张女士/, 1);
  await task.key('Return');
  await orca.waitSpoken(/已到店 ?张女士/);
  await task.key('Return');
  await orca.waitSpoken(/服务中 ?张女士|正在服务 ?张女士/);
  await turnClock(demo, 60);
  await task.key('Return');
  keysKept(await task.answer(/已完成 ?张女士/));
});

test('redeem a code', async () => {
  const { booking } = await accepted(0);
  await turnClock(demo, 45);
  await visitor.page.goto(`${demo.url}/bookings/${booking}`);
  const code = (await visitor.page.locator('.code').innerText()).replace(/\D/g, '');
  const task = orca.task(budgets.redeem);
  await task.open(`${demo.url}/desk/check-in`);
  // Orca reads on where a field is reached by its own keys; Insert+a lets one type.
  await task.key('e', 'Insert+a');
  await task.type(code);
  await task.key('Return');
  kept(await task.answer(/已到店.*张女士|张女士.*已到店/));
});

test('enter a walk-in', async () => {
  const task = orca.task(budgets.walkIn);
  await task.open(`${demo.url}/desk/walk-ins`);
  // Service and therapist stand there; Tab leads past the name to the telephone and to the question about health.
  await task.key('h', 'Tab', 'Tab', 'Tab', 'Tab');
  await task.type('13800138001');
  await task.key('Tab', 'space', 'b', 'Return');
  keysKept(await task.answer(/(已到店|已确认) ?散客/));
});

test('give money back, with a check', async () => {
  const task = orca.task(budgets.refund);
  await task.open(`${demo.url}/desk/orders/${moved}`);
  await task.key('h');
  await task.keyUntil('k', /退款 ?全身/, 1);
  await task.follow('Return');
  // The whole of the line stands there; the reason is asked for.
  await task.keyUntil('e', /原因/, 2);
  await task.key('Insert+a');
  await task.type('ill');
  await task.key('Return');
  keysKept(await task.answer(/已.*退/));
});

test("today's takings", async () => {
  const task = orca.task(budgets.takings);
  await task.open(`${demo.url}/desk/payments`);
  await task.key('h');
  kept(await task.answer(/微信收了 ¥/));
});
