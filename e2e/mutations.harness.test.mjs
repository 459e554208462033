// The harness proves itself: servers start and leave nothing, the keyboard walk, the golden files, the pictures.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { rightPage } from './fixtures/booking-page.mjs';
import { launchBrowser, newPage, pageTroubles } from './lib/browser.mjs';
import { removeFolder, startChild, temporaryFolder } from './lib/children.mjs';
import { axeDefects } from './lib/gates.mjs';
import { compareGolden, difference, updating } from './lib/golden.mjs';
import { Keyboard, walk } from './lib/keyboard.mjs';
import { startPostgres } from './lib/postgres.mjs';
import { takeScreenshots } from './lib/screenshots.mjs';
import { startDemo } from './lib/program.mjs';
import { serveSite } from './lib/site.mjs';
import { heardDuring, missingPhrases, readAll } from './lib/virtual-reader.mjs';
import { overruns, table } from './orca/budgets.mjs';

let browser;
let site;
before(async () => {
  const brokenScript = '<!DOCTYPE html><html lang="zh-CN"><title>坏</title><script>missing()</script><img src="/none.png" alt="">';
  const underBar = rightPage.replace('<main', '<div id="bar" style="position:fixed;inset:0 0 auto;height:400px;background:#ccc"></div><main');
  const wide = rightPage.replace('<h1>', '<p style="width:600px">宽</p><h1>');
  const strict = `<!DOCTYPE html><html lang="zh-CN"><head><title>严</title>
    <meta http-equiv="Content-Security-Policy" content="default-src 'self'"></head>
    <body><main><h1>严</h1></main><div id="live" role="status"></div></body></html>`;
  site = await serveSite({ '/': rightPage, '/strict': strict, '/broken': brokenScript, '/bar': underBar, '/wide': wide });
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await site?.close();
});

test('PostgreSQL starts in a folder of its own, answers, makes databases and leaves nothing', async () => {
  const server = await startPostgres();
  const folder = execFileSync('psql', ['-Atc', 'show data_directory', server.url], { encoding: 'utf8' }).trim();
  assert.ok(fs.existsSync(path.dirname(folder)));
  const second = server.createDatabase('second');
  assert.equal(execFileSync('psql', ['-Atc', 'select current_database()', second], { encoding: 'utf8' }).trim(), 'second');
  await server.stop();
  assert.ok(!fs.existsSync(path.dirname(folder)));
  assert.throws(() => execFileSync('psql', ['-c', 'select 1', server.url], { stdio: 'pipe' }));
});

test('a child is stopped with its own children, and its words are in the error when it ends early', async () => {
  const child = startChild('bash', ['-c', 'sleep 600 & echo "child $!"; wait']);
  const [, grandchild] = await child.waitFor(/child (\d+)/, 5_000);
  await child.stop();
  // A signalled process may stay a zombie for a moment where nobody reaps orphans; it no longer runs then.
  const status = fs.existsSync(`/proc/${grandchild}/stat`) ? fs.readFileSync(`/proc/${grandchild}/stat`, 'utf8') : 'gone';
  assert.match(status, /^gone$|\) Z /);
  await assert.rejects(startChild('bash', ['-c', 'echo no disk; exit 3']).waitFor(/ready/, 5_000), /ended \(3\)[^]*no disk/);
});

test('the demo is started with ports and data of its own, and stopped', async () => {
  const demo = await withStandIn(
    `const http = require('node:http');
     const [command, ...rest] = process.argv.slice(2);
     const option = (name) => rest[rest.indexOf(name) + 1];
     if (command !== 'demo' || !require('node:fs').existsSync(option('--data'))) process.exit(2);
     for (const name of ['--port', '--sandbox-port'])
       http.createServer((request, response) => response.end(name + ' ' + option('--database'))).listen(option(name), '127.0.0.1');`,
    () => startDemo({ engine: 'postgres' }),
  );
  assert.match(await (await fetch(demo.url)).text(), /^--port postgres:\/\/tuina@127\.0\.0\.1:\d+\/tuina$/);
  assert.match(await (await fetch(demo.sandboxUrl)).text(), /^--sandbox-port /);
  await demo.stop();
  await assert.rejects(fetch(demo.url));
  assert.ok(!fs.existsSync(demo.dataFolder));
});

test('a demo that does not start fails with its own words', async () => {
  const start = withStandIn(`console.error('SQLite is too old'); process.exit(1);`, () => startDemo());
  await assert.rejects(start, /ended before it answered[^]*SQLite is too old/);
});

test('the readers work on a page with a strict content security policy', async () => {
  const page = await open('/strict');
  assert.ok((await readAll(page)).includes('heading, 严, level 1'));
  const heard = await heardDuring(page, () => page.evaluate(() => { document.getElementById('live').textContent = '好'; }));
  assert.deepEqual(heard, ['polite: 好']);
  assert.deepEqual(await axeDefects(page), []);
  assert.deepEqual(pageTroubles(page), []);
});

test('the walk gives every stop in order with role and name, and finds nothing wrong', async () => {
  const page = await open('/');
  const { stops, defects } = await walk(page);
  assert.deepEqual(defects, []);
  assert.deepEqual(stops.map(({ role, name }) => `${role} ${name}`), [
    'link 跳到正文', 'radio 下午3点，李师傅，有空', 'textbox 电话（必填）', 'button 确认 张女士 下午三点',
  ]);
});

test('the walk sees a focus that is covered by a bar', async () => {
  const { defects } = await walk(await open('/bar'));
  assert.ok(defects.some((words) => words === '#t1: the focus is under #bar'), defects.join('\n'));
});

test('a task by keyboard is done and its keys are counted', async () => {
  const page = await open('/');
  const keyboard = new Keyboard(page);
  await keyboard.to('下午3点');
  await keyboard.press('ArrowDown');
  assert.equal((await keyboard.focused()).name, '下午4点，王师傅，有空');
  await keyboard.to(/^确认/);
  await keyboard.press('Enter');
  assert.equal(await page.locator('#live').textContent(), '已确认，张女士，下午三点。');
  assert.equal(keyboard.keys, 6);
  await assert.rejects(keyboard.to('没有这个', { most: 3 }), /3 × Tab did not reach 没有这个\. Passed: /);
});

test('script errors and missing resources of a page are noticed', async () => {
  const page = await open('/broken');
  await page.waitForLoadState('networkidle');
  assert.match(pageTroubles(page).join('\n'), /script error: missing is not defined/);
});

test('a golden file that is missing or different fails in words', { skip: updating() && 'writing golden files' }, () => {
  assert.match(compareGolden('no-such-page', '- heading')[0], /is not there/);
  assert.match(compareGolden('harness-booking', '- heading "别的"')[0], /differs[^]*\+ - heading "别的"/);
  assert.equal(difference('a\nb\nc\nd', 'a\nb\nx\nd'), '  b\n- c\n+ x\n  d');
});

test('phrases are wanted in order', () => {
  assert.deepEqual(missingPhrases(['一', '二', '三'], ['一', /三/]), []);
  assert.match(missingPhrases(['一', '二'], ['二', '一'])[0], /一 is never said at this place/);
});

test('a cost over its budget is named, and stands in the table', () => {
  const budget = { task: 'pay', keys: 4, characters: 40, seconds: 20 };
  const cost = { keys: 5, characters: 40, seconds: 12.5 };
  assert.deepEqual(overruns(cost, budget), ['pay: 5 keys, the budget is 4']);
  assert.match(table([{ budget, cost }]), /pay\s+5 \/ 4\s+40 \/ 40\s+12\.5 \/ 20\s+OVER/);
});

test('pictures are taken of each width and look, and a page that scrolls sideways is named', async () => {
  const folder = temporaryFolder('pictures');
  const { pictures, wide } = await takeScreenshots(browser, site.url, [{ name: 'right', path: '/' }, { name: 'wide', path: '/wide' }], folder);
  assert.equal(pictures.length, 16);
  for (const picture of pictures) assert.ok(fs.statSync(path.join(folder, picture)).size > 5_000, picture);
  assert.ok(wide.some((words) => words.startsWith('wide-360-light.png scrolls sideways')), wide.join('\n'));
  assert.ok(!wide.some((words) => words.startsWith('right-')), wide.join('\n'));
  removeFolder(folder);
});

/** Runs `work` with a Node.js script in the place of the program under test. */
async function withStandIn(script, work) {
  const folder = temporaryFolder('stand-in');
  const binary = path.join(folder, 'tuina');
  fs.writeFileSync(binary, `#!${process.execPath}\n${script}\n`, { mode: 0o755 });
  process.env.TUINA_BIN = binary;
  try {
    return await work();
  } finally {
    delete process.env.TUINA_BIN;
    removeFolder(folder);
  }
}

async function open(address) {
  const page = await newPage(browser, { width: 1280, height: 900 });
  await page.goto(site.url + address);
  return page;
}
