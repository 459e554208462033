// The local WeChat's phone and control desk pass the gates of the product's own pages: axe, html-validate, a walk by
// keyboard, no sideways scrolling; and the phone can be used by keyboard and by ear.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchBrowser, newPage, pageTroubles } from './lib/browser.mjs';
import { axeDefects, htmlDefects } from './lib/gates.mjs';
import { chooseTime, fillDetails, payOnPhone, sendDetails, shopNamed } from './lib/journeys.mjs';
import { Keyboard, walk } from './lib/keyboard.mjs';
import { control, openPhone } from './lib/phone.mjs';
import { startDemo } from './lib/program.mjs';
import { heardDuring } from './lib/virtual-reader.mjs';

let demo;
let browser;
before(async () => {
  demo = await startDemo();
  browser = await launchBrowser();
  await someHistory();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** A chat with every kind of bubble, a payment, and a letter from a friend. */
async function someHistory() {
  await control(demo, 'people/zhangli/follow', {});
  await control(demo, 'people/zhangli/text', { text: '你好' });
  await control(demo, 'people/zhangli/image', {});
  await control(demo, 'people/zhangli/voice', {});
  await control(demo, 'people/zhangli/location', { station: '国贸' });
  await control(demo, 'people/liu/letters', { to: 'zhangli', title: '清和堂', desc: '这家好', link: demo.url, imgUrl: '' });
  const phone = await openPhone(browser, demo, 'zhangli');
  const shop = await shopNamed(demo, '清和堂');
  await phone.page.goto(`${demo.sandboxUrl}/phone?person=zhangli&open=${encodeURIComponent(`${demo.url}/shops/${shop.id}`)}`);
  await phone.at(/^\/shops\/[^/]+$/);
  await chooseTime(phone);
  await fillDetails(phone);
  await sendDetails(phone);
  await payOnPhone(phone);
  await phone.page.locator('#sheet').waitFor({ state: 'hidden' });
  await phone.close();
}

const tab = (name) => (page) => page.locator(`[data-view=${name}]`).click();
const path = (...selectors) => async (page) => {
  for (const selector of selectors) await page.locator(selector).first().click();
};
const VIEWS = {
  list: async () => {},
  contacts: tab('contacts'),
  discover: tab('discover'),
  me: tab('me'),
  chat: path('#open-account'),
  compose: path('#open-account', '#keyboard', '#plus'),
  profile: path('#open-account', '#open-profile'),
  vouchers: path('#open-wechat_pay'),
  friend: path('#threads [id="open-friend:liu"]'),
  bills: path('[data-view=me]', '#open-bills'),
  bill: path('[data-view=me]', '#open-bills', '#bill-list button'),
};

for (const width of [1280, 360]) {
  for (const [name, lead] of Object.entries(VIEWS)) {
    test(`the phone's ${name} at ${width} px`, () => passes(`/phone?person=zhangli`, lead, width));
  }
  test(`the control desk at ${width} px`, () =>
    passes('/control', (page) => page.locator('#payments tr').first().waitFor(), width));
}

async function passes(address, lead, width) {
  const page = await newPage(browser, { width, height: width === 360 ? 740 : 1000 });
  try {
    await page.goto(demo.sandboxUrl + address);
    if (address.startsWith('/phone')) await page.locator('#account-last').waitFor();
    await lead(page);
    await page.waitForTimeout(200);
    const defects = [...pageTroubles(page), ...(await axeDefects(page)), ...(await htmlDefects(page))];
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) defects.push(`scrolls sideways by ${wide} px`);
    defects.push(...(await walk(page)).defects);
    assert.deepEqual(defects, []);
  } finally {
    await page.context().close();
  }
}

test('new messages are said, whichever view is in front', async () => {
  const phone = await openPhone(browser, demo, 'zhangli');
  const heard = await heardDuring(phone.page, async () => {
    await control(demo, 'people/chenchen/letters', { to: 'zhangli', text: '晚上有空吗' });
    await phone.page.locator('#live').filter({ hasText: '晚上' }).waitFor({ state: 'attached' });
  });
  assert.ok(heard.some((words) => words.includes('陈晨：晚上有空吗')), heard.join(' | '));
  await phone.close();
});

test('by keyboard: follow, talk, leave; the focus goes where the person is', async () => {
  const phone = await openPhone(browser, demo, 'wangjianguo');
  const keys = new Keyboard(phone.page);
  await keys.to('京城盲人按摩');
  await keys.press('Enter');
  assert.match((await keys.focused()).name, /京城盲人按摩/);
  await keys.to('关注公众号');
  await keys.press('Enter');
  await phone.page.locator('#menu button').first().waitFor();
  assert.match((await keys.focused()).name, /京城盲人按摩/, 'the button is gone and the heading has the focus');
  await keys.to('输入消息');
  await keys.press('Enter');
  assert.equal((await keys.focused()).name, '发消息');
  await keys.type('hello');
  await keys.press('Enter');
  await phone.page.locator('#messages li.me').filter({ hasText: 'hello' }).waitFor();
  assert.equal((await keys.focused()).name, '发消息', 'one can go on writing');
  await keys.press('Escape');
  assert.match((await keys.focused()).name, /京城盲人按摩/, 'back on the row of the list');
  await phone.close();
});

test('a sheet is a dialog: it has the focus, keeps it, and gives it back', async () => {
  const phone = await openPhone(browser, demo, 'chenchen');
  const keys = new Keyboard(phone.page);
  await phone.page.locator('#scan').focus();
  await keys.press('Enter');
  await phone.page.getByRole('dialog', { name: '扫一扫' }).waitFor();
  assert.deepEqual(await axeDefects(phone.page), []);
  for (let press = 0; press < 12; press++) {
    await keys.press('Tab');
    assert.ok(await phone.page.evaluate(() => document.activeElement.closest('#sheet') !== null), `Tab ${press + 1} left the sheet`);
  }
  await keys.press('Escape');
  await phone.page.locator('#sheet').waitFor({ state: 'hidden' });
  assert.equal((await keys.focused()).name, '扫一扫');
  await phone.close();
});
