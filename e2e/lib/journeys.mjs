// The ways people take through the product, in steps that several specs share. A visitor is whoever looks at the
// customer's pages: `web` has the page, `at(path)` waits for its address. A `Phone` is one; `customer` makes another.
import { newPage } from './browser.mjs';
import { until } from './children.mjs';
import { control } from './phone.mjs';

/** The password of every account of the demo. */
export const PASSWORD = 'tuina-demo';

/** Who books in the specs, as the details page asks it. */
export const CONTACT = { name: '张女士', phone: '13800138000', strength: 'firm', note: '肩膀重一点' };

/**
 * A customer in a plain browser, signed in through the local WeChat's OAuth page.
 *
 * @param options those of `newPage`
 */
export async function customer(browser, demo, person, options = {}) {
  const page = await newPage(browser, options);
  await page.context().addCookies([{ name: 'sandbox_person', value: person, url: demo.sandboxUrl }]);
  await page.goto(`${demo.url}/wechat/sign-in?to=/me`);
  const signedIn = visitor(page, demo);
  await signedIn.at(/^\/me$/);
  return signedIn;
}

/** Makes a visitor of a plain page. */
export function visitor(page, demo) {
  const at = async (path, ms = 60_000) => {
    await page.waitForURL((url) => url.origin === demo.url && path.test(url.pathname), { timeout: ms, waitUntil: 'load' });
    return new URL(page.url());
  };
  return { page, web: page, demo, at, close: () => page.context().close() };
}

/** Somebody of the staff at the page `path`, signed in by password. */
export async function staff(browser, demo, login, path = '/desk', options = { width: 1280, height: 900 }) {
  const page = await newPage(browser, options);
  await page.goto(demo.url + path);
  await page.locator('#f-login').fill(login);
  await page.locator('#f-password').fill(PASSWORD);
  await page.locator('form[action="/sign-in"] button').click();
  await page.waitForURL((url) => url.pathname === new URL(path, demo.url).pathname);
  return page;
}

/** The shop of the demo whose name has these words, from the customers' list: `{ id, name, station }`. */
export async function shopNamed(demo, words) {
  for (let count = 20; count <= 60; count += 20) {
    const html = await (await fetch(`${demo.url}/?count=${count}`)).text();
    const links = [...html.matchAll(/<a href="\/shops\/([0-9a-z]{13})[^"]*">([^<]+)</g)];
    const [, id, name] = links.find((link) => link[2].includes(words)) ?? [];
    if (id) return { id, name, station: name.match(/（(.+)店）/)[1] };
  }
  throw new Error(`No shop is named ${words}`);
}

/** From a shop's page to the details of a booking: the first service, anybody, the time at `index` of the first free day. */
export async function chooseTime(visitor, { index = 0 } = {}) {
  const { web } = visitor;
  await web.locator('.primary-action a[href$="/book"]').click();
  await visitor.at(/^\/shops\/[^/]+\/book$/);
  await web.locator('main a[href*="/book/"]').first().click();
  await visitor.at(/^\/shops\/[^/]+\/book\/[^/]+$/);
  await web.locator('main a[href*="therapist=any"]').click();
  await visitor.at(/\/times$/);
  await tick(web.locator('input[name=slot]').nth(index));
  await web.locator('.primary-action button').click();
  return visitor.at(/\/details$/);
}

/** Ticks a radio or checkbox where a finger would: its label may lie over it, so what is on top is pressed. */
export const tick = (input) => input.check({ force: true });

/** Fills the details of a booking; what is not named is left as it stands. */
export async function fillDetails({ web }, { name, phone, strength, note, health = true } = CONTACT) {
  if (name !== undefined) await web.locator('#f-name').fill(name);
  if (phone !== undefined) await web.locator('#f-phone').fill(phone);
  if (strength !== undefined) await tick(web.locator(`input[name=strength][value=${strength}]`));
  if (note !== undefined) await web.locator('#f-note').fill(note);
  if (health) await tick(web.locator('#f-health'));
}

/** Sends the details and comes to the page for paying; gives the order's id. */
export async function sendDetails(visitor) {
  await visitor.web.locator('.primary-action button').click();
  const { pathname } = await visitor.at(/^\/orders\/[^/]+\/payment$/);
  return pathname.split('/')[2];
}

/** Pays on the phone and comes back to the page that says so from the server's own knowledge. */
export async function payOnPhone(phone) {
  await phone.web.locator('button[data-wx-pay]').click();
  await phone.answer('支付');
  const pressed = Date.now();
  return pressed;
}

/** Books at `shop` without the sheet: `visitor` is signed in; gives the ids of order and booking. */
export async function bookAndPay(visitor, shop, person, { index = 0, contact = CONTACT } = {}) {
  await visitor.page.goto(`${visitor.demo.url}/shops/${shop.id}`);
  await chooseTime(visitor, { index });
  await fillDetails(visitor, contact);
  const order = await sendDetails(visitor);
  await payByControl(visitor.demo, person);
  await visitor.page.goto(`${visitor.demo.url}/orders/${order}/payment?paid=1`);
  const look = visitor.web.locator('.primary-action a[href^="/bookings/"]');
  await look.waitFor();
  const booking = (await look.getAttribute('href')).split('/')[2];
  return { order, booking };
}

/** The same for a visit at home, on the day after tomorrow. */
export async function bookAtHomeAndPay(visitor, shop, service, person) {
  const { web } = visitor;
  await visitor.page.goto(`${visitor.demo.url}/shops/${shop.id}/book/${service}/home`);
  await web.locator('#f-station').fill(shop.station);
  await web.locator('#f-district').selectOption({ label: '东城区' });
  await web.locator('#f-street').fill('雍和家园 3 号楼');
  await web.locator('#f-house').fill('2 单元 502');
  await web.locator('.primary-action button').click();
  await web.locator('main a[href*="therapist=any"]').click();
  await visitor.at(/\/times$/);
  await web.locator('main a[href*="day="]').nth(2).click();
  await visitor.at(/\/times$/);
  await tick(web.locator('input[name=slot]').nth(20));
  await web.locator('.primary-action button').click();
  await visitor.at(/\/details$/);
  await fillDetails(visitor, { name: '陈女士', phone: '13900139000' });
  const order = await sendDetails(visitor);
  await payByControl(visitor.demo, person);
  await visitor.page.goto(`${visitor.demo.url}/orders/${order}/payment?paid=1`);
  const look = web.locator('.primary-action a[href^="/bookings/"]');
  await look.waitFor();
  return (await look.getAttribute('href')).split('/')[2];
}

/** Pays the newest order of the local WeChat that waits, as if the sheet's button had been pressed. */
export async function payByControl(demo, person) {
  const waiting = await until(
    async () => (await control(demo, 'payments')).payments.findLast((order) => order.state === 'NOTPAY'),
    10_000,
    'No order waits to be paid',
  );
  await control(demo, `payments/${waiting.out_trade_no}`, { person, outcome: 'paid' });
  return waiting.out_trade_no;
}

/** Sends a form as the page of somebody signed in would; gives the answer without following it. */
export async function post(page, path, fields = {}) {
  const origin = new URL(page.url()).origin;
  const csrf = await page.locator('meta[name=csrf]').getAttribute('content');
  return page.context().request.post(origin + path, { form: { csrf, ...fields }, maxRedirects: 0 });
}
