// The tasks of the main job by ear: real Orca in Chinese, real keys, one task after the other, each within its budget.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchBrowser } from './lib/browser.mjs';
import { bookAndPay, chooseTime, customer, fillDetails, payByControl, sendDetails, shopNamed, staff } from './lib/journeys.mjs';
import { startDemo } from './lib/program.mjs';
import { budgets, table } from './orca/budgets.mjs';
import { startOrca } from './orca/drive.mjs';

let demo;
let browser;
let shop;
let visitor;
let orca;
const costs = [];
before(async () => {
  demo = await startDemo();
  browser = await launchBrowser();
  shop = await shopNamed(demo, '清和堂');
  visitor = await customer(browser, demo, 'zhangli');
  const owner = await staff(browser, demo, 'owner1');
  orca = await startOrca(`${demo.url}/sign-in`);
  await orca.page.context().addCookies([...(await cookiesOf(owner)), ...(await cookiesOf(visitor.page))]);
  await owner.context().close();
});
after(async () => {
  if (costs.length) console.log(table(costs));
  await orca?.stop();
  await browser?.close();
  await demo?.stop();
});

/** Staff and customers have cookies of their own, so one browser can be both. */
const cookiesOf = async (page) => (await page.context().cookies(demo.url)).filter(({ name }) => name !== 'tuina_browser');

function kept(result) {
  costs.push(result);
  assert.deepEqual(result.over, [], `heard: ${orca.spoken().join(' | ')}`);
}

test('hear a new order', async () => {
  await visitor.page.goto(`${demo.url}/shops/${shop.id}`);
  await chooseTime(visitor, { index: 12 });
  await fillDetails(visitor);
  await sendDetails(visitor);
  await orca.open(`${demo.url}/desk`);
  await orca.key('b', 'Return');
  await orca.waitSpoken(/正在接单/);
  const task = orca.task(budgets.hearOrder);
  await payByControl(demo, 'zhangli');
  kept(await task.answer(/新订单.*张女士/));
});

test('confirm it', async () => {
  const task = orca.task(budgets.confirm);
  await task.open(`${demo.url}/desk`);
  await task.keyUntil('b', /确认 ?张女士/, 2);
  await task.key('Return');
  kept(await task.answer(/已确认.*张女士|确认.*张女士.*好/));
});

test('who is next', async () => {
  const task = orca.task(budgets.next);
  await task.open(`${demo.url}/desk`);
  await task.key('h');
  kept(await task.answer(/下一位.*张女士/));
});

test('choose service, who and when', async () => {
  const task = orca.task(budgets.choose);
  await task.open(`${demo.url}/shops/${shop.id}/book`);
  await task.follow('2', 'Return');
  await task.follow('2', 'Return');
  await task.key('r', 'space', 'Return');
  kept(await task.answer(/填资料/, 15_000));
});

test('finish the booking', async () => {
  await visitor.page.goto(`${demo.url}/shops/${shop.id}`);
  const { href } = await chooseTime(visitor, { index: 16 });
  const task = orca.task(budgets.finishBooking);
  // Name and telephone stand there from the last time; what remains is the health declaration and the way to pay.
  await task.open(href);
  await task.key('x', 'space', 'b', 'Return');
  kept(await task.answer(/付款/, 15_000));
});
