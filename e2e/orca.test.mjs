// The tasks of the main job by ear: real Orca in Chinese, real keys, one task after the other, each within its budget.
import { test } from 'node:test';
import { chooseTime, fillDetails, payByControl, sendDetails } from './lib/journeys.mjs';
import { budgets } from './orca/budgets.mjs';
import { byEar } from './orca/stage.mjs';

const stage = byEar('owner', 'visitor');

test('hear a new order', async () => {
  await stage.visitor.page.goto(`${stage.demo.url}/shops/${stage.shop.id}`);
  await chooseTime(stage.visitor, { index: 12 });
  await fillDetails(stage.visitor);
  await sendDetails(stage.visitor);
  await stage.orca.open(`${stage.demo.url}/desk`);
  await stage.orca.key('b', 'Return');
  await stage.orca.waitSpoken(/正在接单/);
  const task = stage.orca.task(budgets.hearOrder);
  await payByControl(stage.demo, 'zhangli');
  stage.kept(await task.answer(/新订单.*张女士/));
});

test('confirm it', async () => {
  const task = stage.orca.task(budgets.confirm);
  await task.open(`${stage.demo.url}/desk`);
  await task.keyUntil('b', /确认 ?张女士/, 2);
  await task.key('Return');
  stage.kept(await task.answer(/已确认.*张女士|确认.*张女士.*好/));
});

test('who is next', async () => {
  const task = stage.orca.task(budgets.next);
  await task.open(`${stage.demo.url}/desk`);
  await task.key('h');
  stage.kept(await task.answer(/下一位.*张女士/));
});

test('choose service, who and when', async () => {
  const task = stage.orca.task(budgets.choose);
  await task.open(`${stage.demo.url}/shops/${stage.shop.id}/book`);
  await task.follow('2', 'Return');
  await task.follow('2', 'Return');
  await task.key('r', 'space', 'Return');
  stage.kept(await task.answer(/填资料/, 15_000));
});

test('finish the booking', async () => {
  await stage.visitor.page.goto(`${stage.demo.url}/shops/${stage.shop.id}`);
  const { href } = await chooseTime(stage.visitor, { index: 16 });
  const task = stage.orca.task(budgets.finishBooking);
  // Name and telephone stand there from the last time; what remains is the health declaration and the way to pay.
  await task.open(href);
  await task.key('x', 'space', 'b', 'Return');
  stage.kept(await task.answer(/付款/, 15_000));
});
