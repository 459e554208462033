// A customer's way by ear, with real Orca and real keys, each task within its budget.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchBrowser } from './lib/browser.mjs';
import { until } from './lib/children.mjs';
import { bookAndPay, chooseTime, customer, fillDetails, post, sendDetails, shopNamed, staff } from './lib/journeys.mjs';
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
const costs = [];
before(async () => {
  demo = await startDemo();
  browser = await launchBrowser();
  shop = await shopNamed(demo, '清和堂');
  visitor = await customer(browser, demo, 'zhangli');
  owner = await staff(browser, demo, 'owner1');
  orca = await startOrca(`${demo.url}/`);
  const cookies = await visitor.page.context().cookies(demo.url);
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

/** What the shop does next with a booking: the path of the step. */
async function shopDoes(booking, step) {
  await owner.goto(`${demo.url}/desk/bookings/${booking}`);
  const version = await owner.locator(`form[action$="/${step}"] input[name=version]`).first().inputValue();
  const answer = await post(owner, `/desk/bookings/${booking}/${step}`, { version });
  assert.equal(answer.status(), 303);
}

async function accepted(index) {
  const made = await bookAndPay(visitor, shop, 'zhangli', { index });
  await shopDoes(made.booking, 'confirmation');
  return made;
}

test('find a shop that is open', async () => {
  const task = orca.task(budgets.findShop);
  await task.open(`${demo.url}/`);
  await task.key('h', 'h', 'Down');
  kept(await task.answer(/营业到/));
});

test('hear price and address', async () => {
  const task = orca.task(budgets.priceAndAddress);
  await task.open(`${demo.url}/shops/${shop.id}`);
  await task.key('h', 'Down');
  kept(await task.answer(/¥\d+ 起.*天安门东附近/));
});

test('pay up to the hand-off', async () => {
  await visitor.page.goto(`${demo.url}/shops/${shop.id}`);
  await chooseTime(visitor, { index: 8 });
  await fillDetails(visitor);
  const order = await sendDetails(visitor);
  // What WeChat puts into its browser: it is handed the order and shows its sheet.
  await orca.page.context().addInitScript(() => {
    globalThis.WeixinJSBridge = { invoke: (name, order) => { globalThis.handed = { name, order }; } };
  });
  const task = orca.task(budgets.pay);
  await task.open(`${demo.url}/orders/${order}/payment`);
  await task.keyUntil('b', /¥\d+/, 2);
  const result = await task.answer(/¥\d+/);
  await task.key('Return');
  const handed = await until(() => orca.page.evaluate(() => globalThis.handed), 5_000, 'WeChat was handed nothing');
  assert.equal(handed.name, 'getBrandWCPayRequest');
  kept(result);
});

test('move it', async () => {
  const { booking } = await accepted(16);
  const task = orca.task(budgets.move);
  await task.open(`${demo.url}/bookings/${booking}`);
  await task.keyUntil('b', /改约/, 2);
  await task.follow('Return');
  await task.key('r', 'space');
  await task.follow('Return');
  await task.key('b', 'Return');
  keysKept(await task.answer(/已经告诉店里/));
});

test('call it off', async () => {
  const { booking } = await accepted(20);
  const task = orca.task(budgets.cancel);
  await task.open(`${demo.url}/bookings/${booking}`);
  await task.keyUntil('b', /取消/, 2);
  await task.follow('Return');
  await task.key('b', 'Return');
  keysKept(await task.answer(/已经办理取消/));
});

test('leave a review', async () => {
  const { booking } = await accepted(0);
  await turnClock(demo, 45);
  await shopDoes(booking, 'check-in');
  await shopDoes(booking, 'start');
  await turnClock(demo, 60);
  await shopDoes(booking, 'completion');
  const task = orca.task(budgets.review);
  await task.open(`${demo.url}/bookings/${booking}/review`);
  await task.key('r', 'space');
  await task.key('b', 'Return');
  keysKept(await task.answer(/谢谢/));
});
