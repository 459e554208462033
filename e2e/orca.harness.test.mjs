// The Orca harness proves itself on a small page: real speech in Chinese, real keys, a live region, and its absence.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { mutant, mutations, rightPage } from './fixtures/booking-page.mjs';
import { serveSite } from './lib/site.mjs';
import { table } from './orca/budgets.mjs';
import { startOrca } from './orca/drive.mjs';

const BUDGET = { task: 'confirm on the page of the harness', keys: 3, characters: 60, seconds: 15 };

let site;
let orca;
before(async () => {
  const named = (name) => mutant(mutations.find((mutation) => mutation.name === name));
  site = await serveSite({
    '/': rightPage,
    '/silent': named('a live region without its role'),
    '/span': named('a button made a span'),
  });
  orca = await startOrca(`${site.url}/`);
});
after(async () => {
  await orca?.stop();
  await site?.close();
});

test('the page is read from its title and its first sentence', () => {
  const said = orca.spoken().join(' ');
  assert.match(said, /1 个待确认/);
  assert.match(said, /下一位，下午三点，张女士/);
});

test('headings, radios, a field and a button are named with their kind, in Chinese', async () => {
  await orca.key('ctrl+Home');
  orca.forget();
  await orca.key('h', 'h');
  assert.match(orca.spoken().join(' '), /1 个待确认.*标题.*新预约.*标题/);
  orca.forget();
  await orca.key('Tab');
  assert.match(orca.spoken().join(' '), /时间，11月22日 星期日.*下午3点，李师傅，有空.*单选/);
  orca.forget();
  await orca.key('Tab');
  assert.match(orca.spoken().join(' '), /电话（必填）/);
});

test('a task is counted and its answer is heard from the live region', async () => {
  const task = orca.task(BUDGET);
  await task.open(`${site.url}/`);
  await task.keyUntil('b', /确认 张女士 下午三点/);
  await task.key('Return');
  const result = await task.answer(/已确认，张女士，下午三点/);
  console.log(table([result]));
  assert.deepEqual(result.over, []);
  assert.equal(result.cost.keys, 2);
});

test('caught: a live region without its role is silent', async () => {
  await orca.open(`${site.url}/silent`);
  orca.forget();
  await orca.key('b', 'Return');
  await assert.rejects(orca.waitSpoken(/已确认/, 1_500), /Orca did not say/);
});

test('caught: a button made a span cannot be reached as a button', async () => {
  const task = orca.task(BUDGET);
  await task.open(`${site.url}/span`);
  await assert.rejects(task.keyUntil('b', /确认 张女士 下午三点/, 2), /did not reach/);
});
