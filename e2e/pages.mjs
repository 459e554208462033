// Every page of the product, for the gates that look at each of them and for the screenshots. Most pages are about
// something that must be there first: `pagesOf` makes bookings in every state and then lists the pages.
import { CONTACT, bookAndPay, bookAtHomeAndPay, chooseTime, customer, fillDetails, post, sendDetails, shopNamed, staff } from './lib/journeys.mjs';
import { START } from './lib/program.mjs';

/** The shop of the demo that accepts by hand, with the accounts owner1, clerk1 and therapist1. */
const SHOP = '清和堂';

/**
 * Brings the demo into a state in which every page has something to show.
 *
 * @returns a list of `{ name, path, who, cookies, prepare?(page), phrases?, mask? }`; `name` is that of golden file and
 *   pictures, `who` the surface, `cookies` those of the person whose page it is, `prepare` what to do after opening it,
 *   `phrases` what a screen reader must say in this order
 */
export async function pagesOf(browser, demo) {
  const shop = await shopNamed(demo, SHOP);
  const guest = { surface: 'customer', cookies: [] };
  const people = await everybody(browser, demo, shop);
  const { zhang, chen, owner, centre } = people;
  return [
    ...publicPages(shop, people.ids).map((page) => ({ ...guest, ...page })),
    ...customerPages(shop, people.ids).map((page) => ({ surface: 'customer', cookies: zhang, ...page })),
    ...homePages(people.ids).map((page) => ({ surface: 'customer', cookies: chen, ...page })),
    ...deskPages(people.ids).map((page) => ({ surface: 'desk', cookies: owner, ...page })),
    ...consolePages(shop, people.ids).map((page) => ({ surface: 'console', cookies: centre, ...page })),
  ];
}

/** The last time that a page offers: an earlier one would pass, and a proposal with it, while pages are looked at. */
const LAST_SLOT = /name="slot" value="(\d+)"(?![^]*name="slot" value=)/;

/** Signs everybody in and makes one booking in each state that has pages of its own. */
async function everybody(browser, demo, shop) {
  const zhang = await customer(browser, demo, 'zhangli', { width: 1280, height: 900 });
  const owner = await staff(browser, demo, 'owner1');
  const centre = await staff(browser, demo, 'centre', '/console');
  const book = (index) => bookAndPay(zhang, shop, 'zhangli', { index });
  const step = async (booking, verb, more = {}) => {
    await owner.goto(`${demo.url}/desk/bookings/${booking}`);
    const version = await owner.locator('input[name=version]').first().inputValue();
    await post(owner, `/desk/bookings/${booking}/${verb}`, { version, ...more });
  };
  // First, for it takes minutes, and an unconfirmed booking lapses.
  const ids = { bill: await reconciledDay(centre, demo) };
  ids.service = await firstOf(zhang.page, `${demo.url}/shops/${shop.id}`, /\/services\/([0-9a-z]{13})/);
  ids.therapist = await firstOf(zhang.page, `${demo.url}/shops/${shop.id}`, /\/therapists\/([0-9a-z]{13})/);
  const declined = await book(30);
  await step(declined.booking, 'refusal', { reason: 'full' });
  const cancelled = await book(28);
  await step(cancelled.booking, 'cancellation', { reason: 'therapist_away' });
  const confirmed = await book(26);
  await step(confirmed.booking, 'confirmation');
  const offered = await book(22);
  await step(offered.booking, 'confirmation');
  const slot = await firstOf(owner, `${demo.url}/desk/bookings/${offered.booking}/move`, LAST_SLOT);
  await step(offered.booking, 'move', { slot, agreed: 'no', note: '师傅要早走' });
  const chen = await customer(browser, demo, 'chenchen', { width: 1280, height: 900 });
  ids.home = await bookAtHomeAndPay(chen, shop, ids.service, 'chenchen');
  await step(ids.home, 'confirmation');
  const requested = await book(24);
  await zhang.page.goto(`${demo.url}/shops/${shop.id}`);
  await chooseTime(zhang, { index: 20 });
  const details = new URL(zhang.page.url());
  await fillDetails(zhang, CONTACT);
  const held = await sendDetails(zhang);
  const to = await firstOf(zhang.page, `${demo.url}/bookings/${confirmed.booking}/move`, /name="slot" value="(\d+)"/);
  Object.assign(ids, { offered, to });
  Object.assign(ids, { declined, cancelled, confirmed, requested, held, details: details.pathname + details.search });
  ids.review = await firstOf(owner, `${demo.url}/desk/reviews`, /\/desk\/reviews\/([0-9a-z]{13})/);
  ids.shift = await firstOf(owner, `${demo.url}/desk/shifts`, /\/desk\/shifts\/([0-9a-z]{13})/);
  ids.bed = await firstOf(owner, `${demo.url}/desk/beds`, /\/desk\/beds\/([0-9a-z]{13})/);
  ids.leave = await askForLeave(browser, demo, ids.shift, owner);
  ids.payment = await firstOf(owner, `${demo.url}/desk/payments`, /\/desk\/payments\/([0-9a-z]{13})/);
  ids.line = await firstOf(owner, `${demo.url}/desk/orders/${requested.order}`, /\/lines\/([0-9a-z]{13})\/refund/);
  ids.ticket = await takeNumber(owner, demo);
  ids.ticketPage = `/tickets/${await firstOf(owner, `${demo.url}/desk/queue/${ids.ticket}`, /\/tickets\/([0-9a-f]{64})/)}`;
  ids.category = await ownCategory(owner, demo, shop);
  ids.question = await askUnder(owner, demo, `/console/shops/${shop.id}/categories/${ids.category}/attributes`);
  ids.staff = await firstOf(owner, `${demo.url}/console/staff`, /\/console\/staff\/([0-9a-z]{13})\/password/);
  ids.account = await firstOf(owner, `${demo.url}/console/ledger/shops/${shop.id}`, /\/console\/ledger\/shops\/[0-9a-z]{13}\/([0-9a-z]{13})/);
  const cookies = async (page) => {
    const all = await page.context().cookies(demo.url);
    await page.context().close();
    return all.filter(({ name }) => name !== 'sandbox_person');
  };
  return { ids, zhang: await cookies(zhang.page), chen: await cookies(chen.page), owner: await cookies(owner), centre: await cookies(centre) };
}

/** The day whose bill is matched first; WeChat has it some minutes after ten, when the demo begins. */
async function reconciledDay(centre, demo) {
  for (let tries = 0; tries < 600; tries += 1) {
    await centre.goto(`${demo.url}/console/payments/bills`);
    const link = centre.locator('main a[href*="/bills/"]').first();
    if (await link.count()) return (await link.getAttribute('href')).split('/').at(-1);
    await centre.waitForTimeout(1000);
  }
  throw new Error('no bill was matched in ten minutes');
}

/** A therapist asks for the whole of today; the number of the leave, as the owner finds it. */
async function askForLeave(browser, demo, therapist, owner) {
  const page = await staff(browser, demo, 'therapist1');
  await page.goto(`${demo.url}/desk/shifts/${therapist}/leave`);
  const day = await page.locator('#f-from_day').inputValue();
  await post(page, `/desk/shifts/${therapist}/leave-requests`, { from_day: day, to_day: day, reason: '看牙' });
  await page.context().close();
  return firstOf(owner, `${demo.url}/desk/leave`, /\/desk\/leave\/([0-9a-z]{13})/);
}

/** Somebody takes a number at the desk; the number of the ticket. */
async function takeNumber(owner, demo) {
  await owner.goto(`${demo.url}/desk/walk-ins`);
  const [key, what] = [await owner.locator('input[name=key]').inputValue(), await owner.locator('#f-what').inputValue()];
  await post(owner, '/desk/walk-ins', { key, what, name: '钱女士', health: '1', queue: '1' });
  return firstOf(owner, `${demo.url}/desk/queue`, /\/desk\/queue\/([0-9a-z]{13})/);
}

/** The shop keeps a category of its own; its number. */
async function ownCategory(owner, demo, shop) {
  const list = `${demo.url}/console/shops/${shop.id}/categories`;
  await post(owner, list.slice(demo.url.length), { name: '足底', kind: 'service' });
  return firstOf(owner, list, /\/categories\/([0-9a-z]{13})\/attributes/);
}

/** Whoever books under a category is asked something; its number. */
async function askUnder(owner, demo, path) {
  await post(owner, path, { name: '想要的手法', kind: 'choice', choices: '轻柔\n有力' });
  return firstOf(owner, `${demo.url}${path}`, /\/attributes\/([0-9a-z]{13})/);
}

async function firstOf(page, url, pattern) {
  const html = await (await page.context().request.get(url)).text();
  const found = html.match(pattern);
  if (!found) throw new Error(`${url} leads to nothing like ${pattern}`);
  return found[1];
}

function publicPages(shop, ids) {
  const book = `/shops/${shop.id}/book`;
  return [
    { name: 'home', path: '/', phrases: ['heading, 附近的店, level 1', SHOP] },
    { name: 'home-at-station', path: `/?station=${encodeURIComponent(shop.station)}`, phrases: [/heading, .*附近的店, level 1/, /米/] },
    { name: 'api-guide', path: '/api', phrases: ['heading, 接口说明, level 1', /table/] },
    { name: 'stations', path: '/stations', phrases: [/地铁站名/] },
    { name: 'stations-search', path: '/stations?q=guomao', phrases: [/国贸/] },
    { name: 'shop', path: `/shops/${shop.id}`, phrases: [new RegExp(`heading, ${SHOP}`), /有空/, /打电话给/, 'heading, 服务项目, level 2', 'heading, 按摩师, level 2', /预约/] },
    { name: 'therapist', path: `/therapists/${ids.therapist}`, phrases: [/师傅.*level 1/] },
    { name: 'service', path: `/services/${ids.service}`, phrases: [/level 1/, /分钟/] },
    { name: 'book-service', path: book, phrases: [/heading, .*, level 1/, /level 2/] },
    { name: 'book-who', path: `${book}/${ids.service}`, phrases: [/level 1/, /号/] },
    { name: 'book-when', path: `${book}/${ids.service}/times?therapist=any`, phrases: [/level 1/, /radio, .*有空/] },
    { name: 'together', path: `/shops/${shop.id}/together`, phrases: [/heading, 一起预约, level 1/, /radio, 2 位/] },
    { name: 'together-who', path: `/shops/${shop.id}/together/who?people=2`, phrases: [/heading, 2 位，同时开始, level 1/, /combobox, 第 1 位，项目/] },
    { name: 'together-when', path: `/shops/${shop.id}/together/times?people=2&service0=${ids.service}&therapist0=any&service1=${ids.service}&therapist1=any`, phrases: [/heading, 选时间, level 1/] },
    { name: 'sign-in', path: '/sign-in', phrases: ['heading, 员工登录, level 1', /textbox, 登录名/] },
    { name: 'sign-in-refused', path: '/sign-in', prepare: refusedSignIn, phrases: [/错误/] },
    { name: 'not-found', path: '/shops/0000000000000', status: 404, phrases: ['heading, 找不到这一页, level 1'] },
    { name: 'ticket', path: ids.ticketPage, mask: LATER, phrases: ['heading, A1 排队中, level 1', /前面还有 0 人/] },
    { name: 'preferences', path: '/preferences', phrases: [/level 1/] },
  ];
}

function customerPages(shop, ids) {
  return [
    { name: 'book-home', path: `/shops/${shop.id}/book/${ids.service}/home`, phrases: ['heading, 上门服务，填地址, level 1', /最近的地铁站/, /街道/] },
    { name: 'book-details', path: ids.details, phrases: [/level 1/, /称呼/, /手机号/, /checkbox/] },
    { name: 'book-details-refused', path: ids.details, prepare: refusedDetails, phrases: [/错误/, /手机号/] },
    { name: 'payment', path: `/orders/${ids.held}/payment`, phrases: [/heading, 付款 .*, level 1/, /去支付/] },
    { name: 'payment-paid', path: `/orders/${ids.requested.order}/payment`, phrases: ['heading, 已付款, level 1'] },
    { name: 'orders', path: '/orders', phrases: [/heading, 我的订单/] },
    { name: 'order', path: `/orders/${ids.requested.order}`, phrases: ['heading, 已付款, level 1'] },
    { name: 'order-receipt', path: `/orders/${ids.requested.order}/receipt`, phrases: [/收据.*level 1/] },
    { name: 'goods', path: `/shops/${shop.id}/goods`, phrases: [/level 1/] },
    { name: 'order-cancelled', path: `/orders/${ids.cancelled.order}`, phrases: ['heading, 已取消, level 1'] },
    { name: 'bookings', path: '/bookings', phrases: [/level 1/] },
    { name: 'booking-requested', path: `/bookings/${ids.requested.booking}`, phrases: [/level 1/] },
    { name: 'booking-confirmed', path: `/bookings/${ids.confirmed.booking}`, phrases: [/level 1/] },
    { name: 'booking-declined', path: `/bookings/${ids.declined.booking}`, phrases: [/level 1/, /排满/] },
    { name: 'booking-cancelled', path: `/bookings/${ids.cancelled.booking}`, phrases: [/level 1/] },
    { name: 'booking-cancellation', path: `/bookings/${ids.confirmed.booking}/cancellation`, phrases: [/level 1/, /button/] },
    { name: 'booking-lateness', path: `/bookings/${ids.confirmed.booking}/lateness`, phrases: [/我会晚到.*level 1/] },
    { name: 'booking-move', path: `/bookings/${ids.confirmed.booking}/move`, phrases: [/heading, 改约 .*, level 1/, /radio, .*有空/] },
    { name: 'booking-move-unchosen', path: `/bookings/${ids.confirmed.booking}/move/confirmation`, status: 422, phrases: [/错误/] },
    { name: 'booking-move-confirmation', path: `/bookings/${ids.confirmed.booking}/move/confirmation?slot=${ids.to}`, phrases: ['heading, 确认改约, level 1', /button, 改约/] },
    { name: 'booking-move-therapists', path: `/bookings/${ids.confirmed.booking}/move/therapists`, phrases: [/level 1/, /不指定师傅/] },
    { name: 'booking-move-services', path: `/bookings/${ids.confirmed.booking}/move/services`, phrases: [/level 1/] },
    { name: 'booking-offered', path: `/bookings/${ids.offered.booking}`, phrases: [/level 1/, /店里想改到/] },
    { name: 'booking-change', path: `/bookings/${ids.offered.booking}/change`, phrases: ['heading, 店里想改您的预约, level 1', /button, 同意改约/, /button, 不改/] },
    { name: 'review-not-yet', path: `/bookings/${ids.confirmed.booking}/review`, phrases: ['heading, 还不能评价, level 1'] },
    { name: 'waitlist-join', path: `/shops/${shop.id}/book/${ids.service}/waitlist?therapist=any`, phrases: [/heading, 候补, level 1/, /combobox/, /button, 开始候补/] },
    { name: 'waitlist', path: '/waitlist', phrases: [/heading, 我的候补, level 1/] },
    { name: 'me', path: '/me', phrases: ['heading, 我的, level 1'] },
    { name: 'me-deletion', path: '/me/deletion', phrases: ['heading, 注销账号, level 1', /先办完/] },
  ];
}

/** The pages of one who is visited at home. */
function homePages(ids) {
  return [
    { name: 'booking-home', path: `/bookings/${ids.home}`, phrases: [/后天.*level 1/, /雍和家园/] },
    { name: 'booking-move-home', path: `/bookings/${ids.home}/move`, phrases: [/heading, 改约 .*, level 1/, /radio, .*有空/] },
    { name: 'booking-move-address', path: `/bookings/${ids.home}/move/address`, phrases: [/level 1/, /最近的地铁站/, /街道/] },
  ];
}

function deskPages(ids) {
  const { requested, confirmed } = ids;
  return [
    { name: 'desk', path: '/desk', phrases: ['heading, 1 个待确认, level 1', /下一位/, /确认/, /开始接单/] },
    { name: 'desk-bookings', path: '/desk/bookings', phrases: [/level 1/, /张女士/] },
    { name: 'desk-booking-requested', path: `/desk/bookings/${requested.booking}`, phrases: [/heading, 张女士.*, level 1/] },
    { name: 'desk-booking-confirmed', path: `/desk/bookings/${confirmed.booking}`, phrases: [/heading, 张女士.*, level 1/] },
    { name: 'desk-move', path: `/desk/bookings/${confirmed.booking}/move`, phrases: [/heading, 改约 张女士.*, level 1/, /radio, .*有空/, /button, 顾客同意，改约/] },
    { name: 'desk-move-services', path: `/desk/bookings/${confirmed.booking}/move/services`, phrases: [/level 1/] },
    { name: 'desk-booking-home', path: `/desk/bookings/${ids.home}`, phrases: [/陈女士.*level 1/, /出发后显示/] },
    { name: 'desk-move-address', path: `/desk/bookings/${ids.home}/move/address`, phrases: [/heading, 改地址 陈女士.*, level 1/, /最近的地铁站/, /街道/] },
    { name: 'desk-swap', path: `/desk/bookings/${confirmed.booking}/therapist`, phrases: [/heading, 换师傅 张女士.*, level 1/] },
    { name: 'desk-changes', path: '/desk/changes', phrases: ['heading, 0 个改约待答复, level 1', /等顾客答复/] },
    { name: 'desk-change', path: `/desk/bookings/${ids.offered.booking}/change`, phrases: [/等顾客答复.*level 1/, /button, 撤回改约/] },
    { name: 'desk-refusal', path: `/desk/bookings/${requested.booking}/refusal`, phrases: [/level 1/, /radio/] },
    { name: 'desk-cancellation', path: `/desk/bookings/${confirmed.booking}/cancellation`, phrases: [/level 1/, /radio/] },
    { name: 'desk-lengthening', path: `/desk/bookings/${confirmed.booking}/lengthening`, phrases: [/加钟 .*level 1/, /radio/] },
    { name: 'desk-hand-over', path: `/desk/bookings/${confirmed.booking}/hand-over`, phrases: [/服务中换师傅.*level 1/] },
    { name: 'desk-abort', path: `/desk/bookings/${confirmed.booking}/abort`, phrases: [/中止服务.*level 1/, /radio/] },
    { name: 'desk-reopening', path: `/desk/bookings/${confirmed.booking}/reopening`, phrases: [/重新打开.*level 1/, /textbox/] },
    { name: 'desk-no-show', path: `/desk/bookings/${confirmed.booking}/no-show`, phrases: [/未到店.*level 1/] },
    { name: 'desk-cases', path: '/desk/cases', phrases: [/要决定的事.*level 1/] },
    { name: 'desk-closing', path: '/desk/closing', phrases: ['heading, 临时停业, level 1', /radio/, /textbox, 原因/, /button, 看会影响什么/] },
    { name: 'desk-closing-confirmation', path: `/desk/closing/confirmation?how=days&first=${FAR}&last=${FAR}&reason=%E8%A3%85%E4%BF%AE`, mask: [[/\d+ 月 \d+ 日[^"\n，]*/g, 'A DAY']], phrases: ['heading, 确认停业, level 1', /没有预约要取消/, /button, 确认停业/] },
    { name: 'desk-waitlist', path: '/desk/waitlist', phrases: [/今天 0 人候补.*level 1/] },
    { name: 'desk-check-in', path: '/desk/check-in', phrases: [/level 1/, /textbox/] },
    { name: 'desk-walk-in', path: '/desk/walk-ins', mask: LATER, phrases: ['heading, 散客登记, level 1', /combobox, 服务和师傅/, /button, 取号排队/] },
    { name: 'desk-phone-booking', path: '/desk/phone-bookings', phrases: ['heading, 电话预约, level 1', /textbox, 手机号/, /combobox, 服务和师傅/, /textbox, 几点/] },
    { name: 'desk-walk-in-together', path: '/desk/walk-ins/together', phrases: ['heading, 几位一起来，登记, level 1', /link, 2 位，同时开始/] },
    { name: 'desk-walk-in-several', path: '/desk/walk-ins/together?people=2', mask: LATER, phrases: ['heading, 散客登记：2 位，同时开始, level 1', /combobox, 第 2 位，服务和师傅/, /button, 每位取一个号/] },
    { name: 'desk-phone-together', path: '/desk/phone-bookings/together', phrases: ['heading, 几位一起来，电话预约, level 1', /link, 2 位，同时开始/] },
    { name: 'desk-phone-several', path: '/desk/phone-bookings/together?people=3', phrases: ['heading, 电话预约：3 位，同时开始, level 1', /textbox, 手机号/, /combobox, 第 3 位，服务和师傅/, /textbox, 几点/] },
    { name: 'desk-queue', path: '/desk/queue', mask: LATER, phrases: ['heading, 1 人在排队, level 1', /下一位 A1 钱女士/, /button, 叫号 A1 钱女士/] },
    { name: 'desk-ticket', path: `/desk/queue/${ids.ticket}`, mask: LATER, phrases: ['heading, A1 钱女士 排队中, level 1', /button, 叫号 A1 钱女士/, /A1 的二维码/] },
    { name: 'desk-shifts', path: '/desk/shifts', phrases: [/level 1/] },
    { name: 'desk-shift', path: `/desk/shifts/${ids.shift}`, phrases: [/level 1/] },
    { name: 'desk-shift-leave', path: `/desk/shifts/${ids.shift}/leave`, phrases: [/level 1/] },
    { name: 'desk-shift-days', path: `/desk/shifts/${ids.shift}/days`, phrases: [/特别日子.*level 1/, /textbox/] },
    { name: 'desk-leave', path: '/desk/leave', phrases: [/1 个请假申请等答复.*level 1/, /看牙/] },
    { name: 'desk-leave-decisions', path: `/desk/leave/${ids.leave}`, phrases: [/申请请假.*level 1/, /button, 同意请假/, /button, 不同意/] },
    { name: 'desk-rotation-record', path: '/desk/rotation/record', phrases: [/轮钟记录.*level 1/] },
    { name: 'desk-rotation-place', path: `/desk/rotation/places/${ids.shift}`, phrases: [/轮钟次序.*level 1/, /radio/, /textbox, 原因/] },
    { name: 'desk-window', path: '/desk/window', phrases: [/可预约的时间.*level 1/] },
    { name: 'desk-bed', path: `/desk/beds/${ids.bed}`, phrases: [/level 1/, /暂停使用/] },
    { name: 'desk-rotation', path: '/desk/rotation', phrases: [/level 1/] },
    { name: 'desk-beds', path: '/desk/beds', phrases: [/level 1/] },
    { name: 'desk-orders', path: '/desk/orders', phrases: [/level 1/] },
    { name: 'desk-order', path: `/desk/orders/${requested.order}`, phrases: [/level 1/] },
    { name: 'desk-order-receipt', path: `/desk/orders/${requested.order}/receipt`, phrases: [/收据.*level 1/] },
    { name: 'desk-line-refund', path: `/desk/orders/${requested.order}/lines/${ids.line}/refund`, phrases: [/level 1/, /button/] },
    { name: 'desk-payments', path: '/desk/payments', phrases: [/level 1/] },
    { name: 'desk-payment', path: `/desk/payments/${ids.payment}`, phrases: [/level 1/, /link, 看订单/] },
    { name: 'desk-refunds', path: '/desk/refunds', phrases: [/level 1/] },
    { name: 'desk-reviews', path: '/desk/reviews', phrases: [/level 1/] },
    { name: 'desk-review', path: `/desk/reviews/${ids.review}`, phrases: [/level 1/, /textbox/] },
  ];
}

function consolePages(shop, ids) {
  const base = `/console/shops/${shop.id}`;
  return [
    { name: 'console', path: '/console', phrases: [/level 1/] },
    { name: 'console-shops', path: '/console/shops', phrases: [/level 1/] },
    { name: 'console-shop-new', path: '/console/shops/new', phrases: [/level 1/] },
    { name: 'console-shop', path: base, phrases: [/level 1/] },
    { name: 'console-shop-facts', path: `${base}/facts`, phrases: [/level 1/] },
    { name: 'console-shop-hours', path: `${base}/hours`, phrases: [/level 1/] },
    { name: 'console-shop-photos', path: `${base}/photos`, phrases: [/level 1/] },
    { name: 'console-shop-leaving', path: `${base}/leaving`, phrases: [/退出平台.*level 1/, /textbox, 退出的原因/, /button, 看会影响什么/] },
    { name: 'console-holidays', path: '/console/holidays', phrases: ['heading, 节假日, level 1', /录入一天/] },
    { name: 'console-home-visits', path: `/console/shops/${shop.id}/home-visits`, phrases: ['heading, 上门服务, level 1', /checkbox, 接受上门预约/] },
    { name: 'console-home-shops', path: '/console/home-visits', phrases: ['heading, 上门服务的店, level 1'] },
    { name: 'console-window', path: '/console/window', phrases: [/可预约的时间.*level 1/] },
    { name: 'console-services', path: `${base}/services`, phrases: [/level 1/] },
    { name: 'console-service-new', path: `${base}/services/new`, phrases: [/level 1/] },
    { name: 'console-service', path: `${base}/services/${ids.service}`, phrases: [/level 1/] },
    { name: 'console-categories', path: `${base}/categories`, phrases: [/level 1/] },
    { name: 'console-category-questions', path: `${base}/categories/${ids.category}/attributes`, phrases: [/level 1/] },
    { name: 'console-category-question', path: `${base}/categories/${ids.category}/attributes/${ids.question}`, phrases: [/修改要填的内容.*level 1/, /radio/] },
    { name: 'console-service-prepayment', path: `${base}/services/${ids.service}/prepayment`, phrases: [/level 1/, /radio/] },
    { name: 'console-goods', path: `${base}/goods`, phrases: [/level 1/] },
    { name: 'console-goods-new', path: `${base}/goods/new`, phrases: [/level 1/, /textbox/] },
    { name: 'console-therapist', path: `${base}/therapists/${ids.therapist}`, phrases: [/level 1/] },
    { name: 'console-therapist-services', path: `${base}/therapists/${ids.therapist}/services`, phrases: [/level 1/] },
    { name: 'console-therapist-account', path: `${base}/therapists/${ids.shift}/account`, phrases: [/level 1/, /radio/] },
    { name: 'console-therapists', path: `${base}/therapists`, phrases: [/level 1/] },
    { name: 'console-therapist-new', path: `${base}/therapists/new`, phrases: [/level 1/] },
    { name: 'console-staff', path: `/console/staff?shop=${shop.id}`, phrases: ['heading, 员工账号, level 1'] },
    { name: 'console-staff-password', path: `/console/staff/${ids.staff}/password`, phrases: [/重设密码.*level 1/] },
    { name: 'console-orders', path: '/console/orders', mask: MOVING, phrases: [/level 1/] },
    { name: 'console-ledger', path: '/console/ledger', prepare: checkedBooks, mask: COUNTED, phrases: ['heading, 账是平的, level 1', '人民币：借贷相抵，正好是零。', /table, 各类账户合计/] },
    { name: 'console-ledger-shop', path: `/console/ledger/shops/${shop.id}`, mask: MOVING, phrases: [/heading, .*的账户, level 1/, /heading, .*微信收款, level 2/] },
    { name: 'console-ledger-account', path: `/console/ledger/shops/${shop.id}/${ids.account}`, mask: MOVING, phrases: [/heading, .*微信收款明细, level 1/, /月末余额/, /顾客付款/] },
    { name: 'console-statement', path: `/console/ledger/shops/${shop.id}/months/2026-11`, mask: MOVING, phrases: [/level 1/, /table/] },
    { name: 'console-bills', path: '/console/payments/bills', phrases: [/level 1/] },
    { name: 'console-bill', path: `/console/payments/bills/${ids.bill}`, phrases: [/level 1/] },
    { name: 'console-cases', path: '/console/cases', phrases: [/要裁定.*level 1/] },
    { name: 'console-approvals', path: '/console/payments/approvals', phrases: [/level 1/] },
    { name: 'console-quarantine', path: '/console/payments/quarantine', phrases: [/level 1/] },
    { name: 'console-connections', path: '/console/connections', phrases: ['heading, 接口与连接, level 1', /令牌/] },
    { name: 'console-tokens', path: '/console/connections/tokens', phrases: [/heading, 令牌.*level 1/] },
    { name: 'console-token-new', path: '/console/connections/tokens/new', phrases: ['heading, 新令牌, level 1', /textbox, 用途/, /checkbox/] },
    { name: 'console-webhooks', path: `${base}/webhooks`, phrases: [/heading, .*的通知地址.*level 1/] },
    { name: 'console-webhook-new', path: `${base}/webhooks/new`, phrases: ['heading, 添加通知地址, level 1', /textbox, 网址/, /checkbox/] },
    { name: 'console-calendars', path: `${base}/calendars`, phrases: [/heading, .*的推拿师日历, level 1/, /button, 开通日历/] },
    { name: 'console-refunds', path: '/console/payments/refunds', phrases: [/level 1/] },
  ];
}

/** A day on which nobody has booked anything: twenty after the one on which the demo begins. */
const FAR = new Date(Date.parse(START.slice(0, 10)) + 20 * 86_400_000).toISOString().slice(0, 10);

/** When somebody will be free depends on the minute. */
const LATER = [
  [/现在有 \d+ 位师傅有空|现在没有空，最早[^"\n]*|今天和明天都没有空/g, 'HOW FULL'],
  [/现在(大家都|只)?排得下[^"\n]*/g, 'HOW FULL'],
  [/(?<=")约(NOW|(今天|明天)?(上午|中午|下午|晚上))[^"\n]*|登记，现在开始/g, 'BEGIN'],
  [/大约等 \d+ 分钟|今天可能排不到/g, 'HOW LONG'],
  [/，大约[^"\n]*/g, ''],
  [/\/tickets\/[0-9a-zN]+/g, '/tickets/TOKEN'],
];

/** How much the demo has lived when the books are looked through differs from run to run. */
const COUNTED = [
  [/查了 .*指纹 [0-9a-f]{8}/g, 'COUNTED'],
  [/(?<=- row "\S+ 人民币 )\d+ \S+ \S+(?=")/g, 'COUNTED'],
  [/(?<=- cell ")(\d+|-?¥[\d.]+)(?=")/g, 'COUNTED'],
];

/**
 * On a slow machine a booking that nobody confirms lapses before these pages are looked at, and its money goes back;
 * and a refund is entered before or after the next payment. That the sums are right is what the tests of the modules prove.
 */
const MOVING = [
  [/今天付款 .*/g, 'PAID TODAY'],
  [/共 \d+ 笔/g, 'ENTRIES'],
  [/(待付款|已付款|已取消)(?= ¥|")/g, 'STATE'],
  [/( *- row "今天NOW (顾客付款|退款给顾客)[^\n]*\n( *- (rowheader|cell) [^\n]*\n)+)+/g, '          - MOVES\n'],
  [/-?¥[\d.]+/g, 'AMOUNT'],
];

/** Has the books looked through and waits for the result. */
async function checkedBooks(page) {
  await page.locator('form[action="/console/ledger/audits"] button').click();
  for (let tries = 0; tries < 20; tries += 1) {
    await page.waitForTimeout(500);
    await page.goto(page.url());
    if (await page.locator('table').count()) return;
  }
  throw new Error('the books were not looked through in 10 s');
}

async function refusedSignIn(page) {
  await page.locator('#f-login').fill('owner1');
  await page.locator('#f-password').fill('wrong password');
  await page.locator('form[action="/sign-in"] button').click();
  await page.locator('.error-summary').waitFor();
}

async function refusedDetails(page) {
  await fillDetails({ web: page }, { name: '张女士', phone: '1380013800', health: true });
  await page.locator('.primary-action button').click();
  await page.locator('.field-error').first().waitFor();
}
