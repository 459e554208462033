// A shop's day by ear: what an owner does beyond the first order, with real Orca and real keys, each within its keys.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bookAndPay, post } from './lib/journeys.mjs';
import { turnClock } from './lib/phone.mjs';
import { budgets } from './orca/budgets.mjs';
import { byEar } from './orca/stage.mjs';

const stage = byEar('owner');
/** The order whose booking was moved. */
let moved;

test('a day off', async () => {
  const task = stage.orca.task(budgets.hours);
  await stage.owner.goto(`${stage.demo.url}/desk/shifts`);
  await task.open(stage.demo.url + (await stage.owner.locator('main a[href$="/leave"]').first().getAttribute('href')));
  // The last button of the page is the one that enters it.
  await task.key('shift+b', 'Return');
  stage.kept(await task.answer(/已登记.*请假/));
  // The others need both therapists.
  await stage.owner.goto(stage.orca.page.url());
  const withdrawal = await stage.owner.locator('form[action$="/withdrawal"]').first().getAttribute('action');
  assert.equal((await post(stage.owner, withdrawal)).status(), 303);
});

test('decline with a reason', async () => {
  await bookAndPay(stage.visitor, stage.shop, 'zhangli', { index: 12 });
  const task = stage.orca.task(budgets.decline);
  await task.open(`${stage.demo.url}/desk`);
  await task.keyUntil('b', /婉拒 ?张女士/, 2);
  await task.key('Return');
  await task.keyUntil('b', /师傅不在 ?张女士/, 1);
  await task.key('Return');
  stage.timeKept(await task.answer(/已婉拒 ?张女士.*退给顾客/));
});

test('give a booking to another therapist', async () => {
  const { booking } = await stage.accepted(4);
  const task = stage.orca.task(budgets.reassign);
  await task.open(`${stage.demo.url}/desk/bookings/${booking}`);
  await task.keyUntil('b', /换师傅 ?张女士/, 3);
  await task.follow('Return');
  // Whoever is next stands there; the button is the first of the form.
  await task.keyUntil('b', /换师傅/, 1);
  await task.key('Return');
  stage.timeKept(await task.answer(/已改约，张女士/));
});

test('move a booking at the desk', async () => {
  const { booking, order } = await stage.accepted(16);
  moved = order;
  const task = stage.orca.task(budgets.moveAtDesk);
  await task.open(`${stage.demo.url}/desk/bookings/${booking}`);
  await task.keyUntil('b', /改约 ?张女士/, 2);
  await task.follow('Return');
  // The time; then the button that says that the customer has agreed.
  await task.key('r', 'space');
  await task.keyUntil('b', /顾客同意/, 1);
  await task.key('Return');
  stage.timeKept(await task.answer(/已改约，张女士/));
});

test('arrived, started, done', async () => {
  await stage.accepted(0);
  await turnClock(stage.demo, 45);
  const task = stage.orca.task(budgets.progress);
  await task.open(`${stage.demo.url}/desk/bookings`);
  await task.keyUntil('b', /签到 ?张女士/, 1);
  await task.key('Return');
  await stage.orca.waitSpoken(/已到店 ?张女士/);
  await task.key('Return');
  await stage.orca.waitSpoken(/服务中 ?张女士|正在服务 ?张女士/);
  await turnClock(stage.demo, 60);
  await task.key('Return');
  stage.timeKept(await task.answer(/已完成 ?张女士/));
});

test('redeem a code', async () => {
  const { booking } = await stage.accepted(0);
  await turnClock(stage.demo, 45);
  await stage.visitor.page.goto(`${stage.demo.url}/bookings/${booking}`);
  const code = (await stage.visitor.page.locator('.code').innerText()).replace(/\D/g, '');
  const task = stage.orca.task(budgets.redeem);
  await task.open(`${stage.demo.url}/desk/check-in`);
  // Orca reads on where a field is reached by its own keys; Insert+a lets one type.
  await task.key('e', 'Insert+a');
  await task.type(code);
  await task.key('Return');
  stage.kept(await task.answer(/已到店.*张女士|张女士.*已到店/));
});

test('enter a walk-in', async () => {
  const task = stage.orca.task(budgets.walkIn);
  await task.open(`${stage.demo.url}/desk/walk-ins`);
  // Service and therapist stand there; after the name comes the telephone, then the question about health.
  await task.key('e');
  await task.keyUntil('e', /手机号/, 1);
  await task.key('Insert+a');
  await task.type('13800138001');
  await task.key('Tab', 'space', 'b', 'Return');
  stage.kept(await task.answer(/(已到店|已确认) ?散客/));
});

test('give money back, with a check', async () => {
  const task = stage.orca.task(budgets.refund);
  await task.open(`${stage.demo.url}/desk/orders/${moved}`);
  await task.keyUntil('b', /退款 ?全身/, 2);
  await task.follow('Return');
  // The whole of the line stands there; the reason is asked for.
  await task.keyUntil('e', /原因/, 2);
  await task.key('Insert+a');
  await task.type('ill');
  await task.key('Return');
  stage.timeKept(await task.answer(/已.*退/));
});

test("today's takings", async () => {
  const task = stage.orca.task(budgets.takings);
  await task.open(`${stage.demo.url}/desk/payments`);
  await task.key('h');
  stage.kept(await task.answer(/微信收了 ¥/));
});
