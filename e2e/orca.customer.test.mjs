// A customer's way by ear, with real Orca and real keys, each task within its keys.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from './lib/children.mjs';
import { chooseTime, fillDetails, sendDetails } from './lib/journeys.mjs';
import { turnClock } from './lib/phone.mjs';
import { budgets } from './orca/budgets.mjs';
import { byEar } from './orca/stage.mjs';

const stage = byEar('visitor');

test('find a shop that is open', async () => {
  const task = stage.orca.task(budgets.findShop);
  await task.open(`${stage.demo.url}/`);
  await task.key('h', 'h', 'Down');
  stage.kept(await task.answer(/营业到/));
});

test('hear price and address', async () => {
  const task = stage.orca.task(budgets.priceAndAddress);
  await task.open(`${stage.demo.url}/shops/${stage.shop.id}`);
  await task.key('h', 'Down');
  stage.kept(await task.answer(/¥\d+ 起.*天安门东附近/));
});

test('pay up to the hand-off', async () => {
  await stage.visitor.page.goto(`${stage.demo.url}/shops/${stage.shop.id}`);
  await chooseTime(stage.visitor, { index: 8 });
  await fillDetails(stage.visitor);
  const order = await sendDetails(stage.visitor);
  // What WeChat puts into its browser: it is handed the order and shows its sheet.
  await stage.orca.page.context().addInitScript(() => {
    globalThis.WeixinJSBridge = { invoke: (name, order) => { globalThis.handed = { name, order }; } };
  });
  const task = stage.orca.task(budgets.pay);
  await task.open(`${stage.demo.url}/orders/${order}/payment`);
  await task.keyUntil('b', /¥\d+/, 2);
  const result = await task.answer(/¥\d+/);
  await task.key('Return');
  const handed = await until(() => stage.orca.page.evaluate(() => globalThis.handed), 5_000, 'WeChat was handed nothing');
  assert.equal(handed.name, 'getBrandWCPayRequest');
  stage.kept(result);
});

test('move it', async () => {
  const { booking } = await stage.accepted(16);
  const task = stage.orca.task(budgets.move);
  await task.open(`${stage.demo.url}/bookings/${booking}`);
  await task.keyUntil('b', /改约/, 2);
  await task.follow('Return');
  await task.key('r', 'space', 'b', 'Return');
  stage.timeKept(await task.answer(/已经告诉店里/));
});

test('call it off', async () => {
  const { booking } = await stage.accepted(20);
  const task = stage.orca.task(budgets.cancel);
  await task.open(`${stage.demo.url}/bookings/${booking}`);
  await task.keyUntil('b', /取消/, 2);
  await task.follow('Return');
  await task.key('b', 'Return');
  stage.timeKept(await task.answer(/已经办理取消/));
});

test('leave a review', async () => {
  const { booking } = await stage.accepted(0);
  await turnClock(stage.demo, 45);
  await stage.shopDoes(booking, 'check-in');
  await stage.shopDoes(booking, 'start');
  await turnClock(stage.demo, 60);
  await stage.shopDoes(booking, 'completion');
  const task = stage.orca.task(budgets.review);
  await task.open(`${stage.demo.url}/bookings/${booking}/review`);
  await task.key('r', 'space');
  await task.key('b', 'Return');
  stage.kept(await task.answer(/谢谢/));
});
