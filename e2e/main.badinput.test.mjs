// What goes wrong on the way: each gets a refusal in words, nothing is lost, and nothing is written that should not be.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchBrowser } from './lib/browser.mjs';
import { until } from './lib/children.mjs';
import { CONTACT, bookAndPay, chooseTime, customer, fillDetails, post, sendDetails, shopNamed, staff } from './lib/journeys.mjs';
import { paymentNotice } from './lib/notices.mjs';
import { control, turnClock } from './lib/phone.mjs';
import { startDemo } from './lib/program.mjs';

let demo;
let browser;
let shop;
let zhang;
let owner;
before(async () => {
  demo = await startDemo();
  browser = await launchBrowser();
  shop = await shopNamed(demo, '清和堂');
  zhang = await customer(browser, demo, 'zhangli');
  owner = await staff(browser, demo, 'owner1');
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** The details of a booking at `shop`, filled in and not yet sent. */
async function filled(visitor, { index, contact = CONTACT, service = 0 }) {
  await visitor.page.goto(`${demo.url}/shops/${shop.id}`);
  const details = await chooseTime(visitor, { index, service });
  await fillDetails(visitor, contact);
  return details;
}

/** Presses the button and stays: the page that comes back, as text. */
async function refused(visitor) {
  await visitor.web.locator('.primary-action button').click();
  await visitor.web.locator('.error-summary').waitFor();
  return visitor.web.locator('main').innerText();
}

async function keepsWhatWasTyped({ web }, contact = CONTACT) {
  assert.equal(await web.locator('#f-name').inputValue(), contact.name);
  assert.equal(await web.locator('#f-phone').inputValue(), contact.phone);
  assert.equal(await web.locator('#f-note').inputValue(), contact.note);
  assert.ok(await web.locator(`input[name=strength][value=${contact.strength}]`).isChecked());
}

test('a wrong telephone number is named, and what was typed stays', async () => {
  const contact = { ...CONTACT, phone: '1380013800' };
  await filled(zhang, { index: 6, contact });
  assert.match(await refused(zhang), /手机号/);
  await keepsWhatWasTyped(zhang, contact);
  await zhang.web.locator('.error-summary a').first().click();
  assert.equal(await zhang.page.evaluate(() => document.activeElement.id), 'f-phone');
});

test('without the health declaration nothing is booked', async () => {
  await filled(zhang, { index: 6, contact: { ...CONTACT, health: false } });
  assert.match(await refused(zhang), /健康提示/);
});

test('a time taken meanwhile leaves three others to choose from', async () => {
  const { searchParams, pathname } = await filled(zhang, { index: 8 });
  const taken = searchParams.get('slot');
  const others = [];
  // As many others take the same time as there are therapists; then it is gone for the one who waited.
  for (const person of ['wangjianguo', 'chenchen', 'liu', 'wangjianguo', 'chenchen']) {
    const other = await customer(browser, demo, person);
    others.push(other);
    await other.page.goto(`${demo.url}${pathname}?therapist=any&slot=${taken}`);
    await fillDetails(other);
    await other.web.locator('.primary-action button').click();
    await other.page.waitForLoadState();
    if (await other.web.locator('.error-summary').count()) break;
    await other.at(/payment$/);
  }
  await refused(zhang);
  await keepsWhatWasTyped(zhang);
  const choices = zhang.web.locator('input[name=slot]');
  assert.equal(await choices.count(), 3);
  await choices.first().check({ force: true });
  await sendDetails(zhang);
  for (const other of others) await other.close();
});

test('a past time and a time when the shop is closed are refused', async () => {
  const { searchParams } = await filled(zhang, { index: 10 });
  const slot = Number(searchParams.get('slot'));
  const send = async (moment) => {
    const fields = await zhang.page.evaluate(() => Object.fromEntries(new FormData(document.getElementById('book'))));
    delete fields.csrf;
    return post(zhang.page, '/bookings', { ...fields, key: `${moment}`, slot: String(moment) });
  };
  const past = await send(slot - 86_400_000);
  assert.ok([409, 422].includes(past.status()), `a past time: ${past.status()}`);
  assert.match(await past.text(), /error-summary/);
  // Two days on, at four in the morning in Beijing.
  const night = (Math.floor((slot + 8 * 3_600_000) / 86_400_000) + 2) * 86_400_000 - 4 * 3_600_000;
  const closed = await send(night);
  assert.ok([409, 422].includes(closed.status()), `a closed shop: ${closed.status()}`);
  assert.match(await closed.text(), /error-summary/);
});

test('a code is good once', async () => {
  const { booking } = await bookAndPay(zhang, shop, 'zhangli', { index: 0 });
  await owner.goto(`${demo.url}/desk/bookings/${booking}`);
  await owner.locator('form[action$="/confirmation"] button').first().click();
  await owner.waitForLoadState();
  await zhang.page.goto(`${demo.url}/bookings/${booking}`);
  const code = (await zhang.web.locator('.code').innerText()).replace(/\D/g, '');
  await turnClock(demo, 30);
  const enter = async () => {
    await owner.goto(`${demo.url}/desk/check-in`);
    return post(owner, '/desk/check-in', { code });
  };
  assert.equal((await enter()).status(), 303);
  const again = await enter();
  assert.equal(again.status(), 409);
  assert.match(await again.text(), /已经用过/);
  await owner.goto(`${demo.url}/desk/check-in`);
  const unknown = await post(owner, '/desk/check-in', { code: code === '000000' ? '000001' : '000000' });
  assert.equal(unknown.status(), 422);
});

test('after an expired session the form comes back with what was typed', async () => {
  await filled(zhang, { index: 12 });
  await zhang.page.context().clearCookies({ name: 'tuina_customer' });
  await zhang.web.locator('.primary-action button').click();
  await zhang.at(/\/details$/);
  await keepsWhatWasTyped(zhang);
});

test('a forged notice is refused and writes nothing', async () => {
  const body = JSON.stringify({ id: 'forged', create_time: '2026-11-24T10:00:00+08:00', event_type: 'TRANSACTION.SUCCESS',
    resource_type: 'encrypt-resource', resource: { algorithm: 'AEAD_AES_256_GCM', ciphertext: 'AAAA', nonce: '123456789012', associated_data: 'x' } });
  const { now } = await control(demo, 'time', {});
  const headers = { 'content-type': 'application/json', 'wechatpay-timestamp': String(Math.floor(Date.parse(now) / 1000)),
    'wechatpay-nonce': 'n', 'wechatpay-serial': 'PUB_KEY_ID_0', 'wechatpay-signature': 'AAAA' };
  for (const path of ['/wechat/pay/notices/payment', '/wechat/pay/notices/refund']) {
    assert.equal((await fetch(demo.url + path, { method: 'POST', headers, body })).status, 401, path);
    assert.equal((await fetch(demo.url + path, { method: 'POST', body: '{"id":' })).status, 401, `${path} broken`);
  }
});

/** Books and stops before paying: the order as the local WeChat knows it, and its page. */
async function waitingOrder(index) {
  await filled(zhang, { index });
  const id = await sendDetails(zhang);
  const { payments } = await control(demo, 'payments');
  const order = payments.findLast(({ state }) => state === 'NOTPAY');
  const state = async () => {
    const html = await (await zhang.page.context().request.get(`${demo.url}/orders/${id}`)).text();
    return html.match(/<h1>([^<]+)</)[1];
  };
  return { order, state };
}

const send = ({ headers, body }) => fetch(`${demo.url}/wechat/pay/notices/payment`, { method: 'POST', headers, body });

test('a notice of a wrong amount marks nothing paid and waits for a person', async () => {
  const { order, state } = await waitingOrder(14);
  const amount = { total: 1, payer_total: 1, currency: 'CNY', payer_currency: 'CNY' };
  const answer = await send(await paymentNotice(demo, order, { amount }));
  assert.ok(answer.ok, `${answer.status}: the notice is genuine, so it is taken`);
  const centre = await staff(browser, demo, 'centre', '/console');
  const suspect = centre.locator('main [data-item]').filter({ hasText: order.out_trade_no });
  await until(async () => {
    await centre.goto(`${demo.url}/console/payments/quarantine`);
    return suspect.count();
  }, 10_000, 'the centre is not shown the money that does not fit');
  assert.match(await suspect.innerText(), /金额不对/);
  assert.equal(await state(), '待付款');
  await centre.context().close();
});

test('a notice that is sent again settles once, and one that is replayed later is refused', async () => {
  const { order, state } = await waitingOrder(18);
  const notice = await paymentNotice(demo, order);
  const twins = await Promise.all(Array.from({ length: 8 }, () => send(notice)));
  assert.ok(twins.every(({ ok }) => ok), `${twins.map(({ status }) => status)}`);
  await until(async () => (await state()) === '已付款', 10_000, 'the order is not paid');
  await turnClock(demo, 6);
  assert.equal((await send(notice)).status, 401, 'its time is more than five minutes ago');
  assert.equal(await state(), '已付款');
});

test('broken XML to the message door is refused', async () => {
  const answer = await fetch(`${demo.url}/wechat/callback?signature=x&timestamp=1&nonce=1`, { method: 'POST', body: '<xml><oops' });
  assert.ok(answer.status >= 400 && answer.status < 500, `${answer.status}`);
});

test('a body over the limit is refused with 413', async () => {
  await zhang.page.goto(`${demo.url}/me`);
  const answer = await post(zhang.page, '/me', { name: '张'.repeat(2_000_000), phone: '13800138000' });
  assert.equal(answer.status(), 413);
});

test('what does not exist is a page that says so', async () => {
  for (const path of ['/shops/0000000000000', '/therapists/nobody', '/services/0000000000000', '/no/such/page']) {
    const answer = await fetch(demo.url + path, { headers: { accept: 'text/html' } });
    assert.equal(answer.status, 404, path);
    assert.match(await answer.text(), /找不到|Not found|not find/i, path);
  }
  const unknown = await zhang.page.context().request.get(`${demo.url}/bookings/0000000000000`);
  assert.equal(unknown.status(), 404);
});

test("another shop's things do not exist, and nobody else's bookings", async () => {
  const { booking, order } = await bookAndPay(zhang, shop, 'zhangli', { index: 20 });
  const stranger = await staff(browser, demo, 'owner2');
  const other = await customer(browser, demo, 'wangjianguo');
  await owner.goto(`${demo.url}/desk/shifts`);
  const shift = (await owner.content()).match(/\/desk\/shifts\/([0-9a-z]{13})/)[1];
  await owner.goto(`${demo.url}/desk/reviews`);
  const review = (await owner.content()).match(/\/desk\/reviews\/([0-9a-z]{13})/)[1];
  const service = (await (await fetch(`${demo.url}/shops/${shop.id}`)).text()).match(/\/services\/([0-9a-z]{13})/)[1];
  const console = `/console/shops/${shop.id}`;
  const pages = [
    `/desk/bookings/${booking}`, `/desk/bookings/${booking}/refusal`, `/desk/bookings/${booking}/cancellation`,
    `/desk/shifts/${shift}`, `/desk/shifts/${shift}/leave`, `/desk/reviews/${review}`, console, `${console}/facts`, `${console}/hours`,
    `${console}/photos`, `${console}/services`, `${console}/services/new`, `${console}/services/${service}`, `${console}/categories`,
    `${console}/therapists`, `${console}/therapists/new`, `${console}/therapists/${shift}`, `${console}/therapists/${shift}/services`,
  ];
  const wrong = [];
  for (const path of pages) {
    const own = (await owner.context().request.get(demo.url + path, { maxRedirects: 0 })).status();
    const seen = (await stranger.context().request.get(demo.url + path, { maxRedirects: 0 })).status();
    if (own !== 200 || seen !== 404) wrong.push(`GET ${path}: ${own} to its own shop, ${seen} to another`);
  }
  const steps = ['confirmation', 'extension', 'refusal', 'check-in', 'start', 'completion', 'no-show', 'cancellation'];
  const posts = [...steps.map((step) => `/desk/bookings/${booking}/${step}`), `/desk/pending/${booking}/confirmation`,
    `/desk/pending/${booking}/refusal`, `/desk/reviews/${review}/reply`];
  for (const path of posts) {
    const answer = await post(stranger, path, { version: '1', reason: 'full', fee: 'waive', reply: '好', back: '/desk' });
    if (answer.status() !== 404) wrong.push(`POST ${path}: ${answer.status()} to another shop`);
  }
  for (const path of [`/bookings/${booking}`, `/bookings/${booking}/cancellation`, `/bookings/${booking}/review`, `/orders/${order}`, `/orders/${order}/payment`]) {
    const seen = (await other.page.context().request.get(demo.url + path, { maxRedirects: 0 })).status();
    if (seen !== 404) wrong.push(`GET ${path}: ${seen} to another customer`);
  }
  assert.deepEqual(wrong, []);
  await stranger.context().close();
  await other.close();
});

test('a file that is no picture is refused in words', async () => {
  await owner.goto(`${demo.url}/console/shops/${shop.id}/photos`);
  await owner.locator('input[type=file]').setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('this is no picture') });
  const words = owner.locator('form:has(input[type=file]) input[type=text], form:has(input[type=file]) textarea');
  if (await words.count()) await words.first().fill('店门口');
  await owner.locator('form:has(input[type=file]) button').click();
  await owner.locator('.error-summary').waitFor();
  assert.match(await owner.locator('.error-summary').innerText(), /图片|照片/);
});
