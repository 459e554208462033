// WeChat Pay of the sandbox, judged by the npm package wechatpay-axios-plugin: it signs, it verifies, it decrypts.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import zlib from 'node:zlib';
import { after, before, mock, test } from 'node:test';
import plugin from 'wechatpay-axios-plugin';
import { until } from '../lib/children.mjs';
import { startMerchant } from './notices.mjs';
import { beijingDay, minutesToBills, startSandbox } from './sandbox.mjs';

const { Aes, Formatter, Multipart, Rsa, Wechatpay } = plugin;
const SUB = '1900000109';
const PRICE = 12850;

let sandbox;
let merchant;
let direct;
let partner;
before(async () => {
  sandbox = await startSandbox();
  merchant = await startMerchant((notice) => (open(notice) ? 204 : 401));
  direct = client(sandbox, sandbox.credentials.direct);
  partner = client(sandbox, sandbox.credentials.partner);
});
after(async () => {
  await merchant?.stop();
  await sandbox?.stop();
});

function client({ url, credentials }, { mchid, serial, private_key_pem: privateKey }) {
  const certs = { [credentials.platform.public_key_id]: credentials.platform.public_key_pem };
  return new Wechatpay({ mchid, serial, privateKey, certs, baseURL: `${url}/` });
}

/** What a notice says when the foreign library believes it, else null. */
function open({ headers, body }) {
  const { platform, direct: own, partner: provider } = sandbox.credentials;
  const message = Formatter.response(headers['wechatpay-timestamp'], headers['wechatpay-nonce'], body.toString());
  const fresh = Math.abs(Formatter.timestamp() - headers['wechatpay-timestamp']) <= 300;
  const known = headers['wechatpay-serial'] === platform.public_key_id;
  if (!fresh || !known || !Rsa.verify(message, headers['wechatpay-signature'], platform.public_key_pem)) return null;
  const { resource, ...envelope } = JSON.parse(body);
  for (const { api_v3_key: key } of [own, provider]) {
    try {
      const plain = Aes.AesGcm.decrypt(resource.ciphertext, key, resource.nonce, resource.associated_data);
      return { ...envelope, ...JSON.parse(plain) };
    } catch {
      // Encrypted for the other merchant.
    }
  }
  return null;
}

let orders = 0;

/** The direct merchant's order, with a number of its own. */
function order(extra = {}) {
  orders += 1;
  return {
    appid: sandbox.credentials.app_id,
    mchid: sandbox.credentials.direct.mchid,
    description: '全身推拿 60 分钟😀',
    out_trade_no: `AXIOS_${Date.now()}_${orders}`,
    notify_url: `${merchant.url}/notices`,
    amount: { total: PRICE, currency: 'CNY' },
    payer: { openid: openid('zhangli') },
    ...extra,
  };
}

/** The same as the service provider's. */
function partnerOrder() {
  const { appid: sp_appid, mchid: _, payer: __, ...rest } = order();
  const { mchid: sp_mchid } = sandbox.credentials.partner;
  return { sp_appid, sp_mchid, sub_mchid: SUB, payer: { sp_openid: openid('zhangli') }, ...rest };
}

const openid = (id) => sandbox.credentials.people.find((person) => person.id === id).openid;
const prepay = (made, of = direct) => of.chain('v3/pay/transactions/jsapi').post(made);
const pay = (number) => sandbox.control(`payments/${number}`, { outcome: 'paid' });
const about = (number) => ({ params: { mchid: sandbox.credentials.direct.mchid }, out_trade_no: number });
const query = (number) => direct.chain('v3/pay/transactions/out-trade-no/{out_trade_no}').get(about(number));
const close = (number) =>
  direct.chain('v3/pay/transactions/out-trade-no/{out_trade_no}/close').post({ mchid: about(number).params.mchid }, { out_trade_no: number });
const told = (number, event) => until(
  () => merchant.notices.map(open).find((notice) => notice?.out_trade_no === number && notice.event_type === event),
  15_000,
  `no ${event} of ${number}`,
);

/** The refusal of WeChat Pay that a call must meet. */
async function refusal(call) {
  const error = await call.then(() => assert.fail('the call was not refused'), (reason) => reason);
  assert.ok(error.response, error.message);
  return { status: error.response.status, code: error.response.data?.code };
}

async function paidOrder() {
  const made = order();
  await prepay(made);
  await pay(made.out_trade_no);
  return { made, notice: await told(made.out_trade_no, 'TRANSACTION.SUCCESS') };
}

test('an order is made, opens the pay sheet, is paid, told and found', async () => {
  const made = order({ attach: '备注 "引号"' });
  const { status, data } = await prepay(made);
  assert.equal(status, 200);
  const page = { appId: made.appid, timeStamp: String(Formatter.timestamp()), nonceStr: Formatter.nonce(), package: `prepay_id=${data.prepay_id}` };
  const message = Formatter.joinedByLineFeed(page.appId, page.timeStamp, page.nonceStr, page.package);
  const paySign = Rsa.sign(message, sandbox.credentials.direct.private_key_pem);
  const sheet = await sandbox.control('people/zhangli/sheet', { ...page, signType: 'RSA', paySign });
  assert.deepEqual([sheet.total, sheet.description], [PRICE, made.description]);
  assert.equal((await query(made.out_trade_no)).data.trade_state, 'NOTPAY');
  await pay(made.out_trade_no);
  const notice = await told(made.out_trade_no, 'TRANSACTION.SUCCESS');
  assert.deepEqual([notice.trade_state, notice.amount.total, notice.payer.openid], ['SUCCESS', PRICE, openid('zhangli')]);
  assert.deepEqual([notice.mchid, notice.appid, notice.attach], [made.mchid, made.appid, made.attach]);
  assert.equal((await query(made.out_trade_no)).data.transaction_id, notice.transaction_id);
  const byId = await direct.chain('v3/pay/transactions/id/{transaction_id}')
    .get({ params: { mchid: made.mchid }, transaction_id: notice.transaction_id });
  assert.equal(byId.data.out_trade_no, made.out_trade_no);
});

test('an unpaid order is closed, twice, with a signature over the empty body', async () => {
  const made = order();
  await prepay(made);
  assert.equal((await close(made.out_trade_no)).status, 204);
  assert.equal((await close(made.out_trade_no)).status, 204);
  assert.equal((await query(made.out_trade_no)).data.trade_state, 'CLOSED');
  assert.deepEqual(await refusal(prepay(made)), { status: 400, code: 'ORDER_CLOSED' });
});

test('a paid order cannot be closed or made again', async () => {
  const { made } = await paidOrder();
  assert.equal((await refusal(close(made.out_trade_no))).code, 'ORDER_PAID');
  assert.equal((await refusal(prepay(made))).code, 'OUT_TRADE_NO_USED');
});

test('money goes back: asked for, repeated without effect, told, found', async () => {
  const { made, notice } = await paidOrder();
  const asked = {
    transaction_id: notice.transaction_id, out_refund_no: `R_${made.out_trade_no}`, reason: '客户取消',
    notify_url: `${merchant.url}/refunds`, amount: { refund: 850, total: PRICE, currency: 'CNY' },
  };
  const first = await direct.chain('v3/refund/domestic/refunds').post(asked);
  assert.deepEqual([first.data.status, first.data.amount.refund], ['PROCESSING', 850]);
  const again = await direct.chain('v3/refund/domestic/refunds').post(asked);
  assert.equal(again.data.refund_id, first.data.refund_id);
  const done = await told(made.out_trade_no, 'REFUND.SUCCESS');
  assert.deepEqual([done.refund_status, done.out_refund_no, done.amount.refund], ['SUCCESS', asked.out_refund_no, 850]);
  const found = await direct.chain('v3/refund/domestic/refunds/{out_refund_no}').get({ out_refund_no: asked.out_refund_no });
  assert.equal(found.data.status, 'SUCCESS');
  assert.equal((await query(made.out_trade_no)).data.trade_state, 'REFUND');
  const more = { ...asked, out_refund_no: `${asked.out_refund_no}_2`, amount: { refund: PRICE, total: PRICE, currency: 'CNY' } };
  assert.match(String((await refusal(direct.chain('v3/refund/domestic/refunds').post(more))).status), /^4/);
});

test('a service provider orders, asks, is told and closes for a sub-merchant', async () => {
  const path = 'v3/pay/partner/transactions';
  const made = partnerOrder();
  assert.ok((await partner.chain(`${path}/jsapi`).post(made)).data.prepay_id);
  await pay(made.out_trade_no);
  const notice = await told(made.out_trade_no, 'TRANSACTION.SUCCESS');
  assert.deepEqual([notice.sp_mchid, notice.sub_mchid, notice.payer.sp_openid], [made.sp_mchid, SUB, openid('zhangli')]);
  const params = { sp_mchid: made.sp_mchid, sub_mchid: SUB };
  const found = await partner.chain(`${path}/id/{id}`).get({ params, id: notice.transaction_id });
  assert.equal(found.data.trade_state, 'SUCCESS');
  const other = partnerOrder();
  await partner.chain(`${path}/jsapi`).post(other);
  const closed = await partner.chain(`${path}/out-trade-no/{number}/close`).post(params, { number: other.out_trade_no });
  assert.equal(closed.status, 204);
  assert.equal((await refusal(direct.chain(`${path}/jsapi`).post(partnerOrder()))).code, 'NO_AUTH');
});

test('a notice that was not taken comes again; a forged one and a probe are not believed', async () => {
  for (const kind of ['notice_forged', 'notice_signtest']) {
    await sandbox.control('faults', { kind });
    await sandbox.control('time', { scale: 1000 });
    const before = merchant.notices.length;
    const { notice } = await paidOrder();
    assert.equal(merchant.notices[before].status, 401, kind);
    await until(async () => {
      const { notices } = await sandbox.control('notices');
      return `${notices.find((sent) => sent.id === notice.id).attempts}` === '401,204';
    }, 5_000, `${kind} was not repeated once`);
    await sandbox.control('time', { scale: 1 });
  }
});

test('answers that cannot be believed are refused by the client', async () => {
  for (const kind of ['response_signtest', 'clock_skew']) {
    await sandbox.control('faults', { kind });
    await assert.rejects(prepay(order()), /signature|sign|offset|Verify/i, kind);
  }
});

test('a request that was changed on its way is refused and shown how', async () => {
  const { direct: own, platform } = sandbox.credentials;
  const foreign = new Wechatpay({
    mchid: own.mchid, serial: own.serial, privateKey: sandbox.credentials.partner.private_key_pem,
    certs: { [platform.public_key_id]: platform.public_key_pem }, baseURL: `${sandbox.url}/`,
  });
  assert.deepEqual(await refusal(prepay(order(), foreign)), { status: 401, code: 'SIGN_ERROR' });
});

test('a merchant with a public key has no platform certificate', async () => {
  const wanted = { status: 404, code: 'RESOURCE_NOT_EXISTS' };
  assert.deepEqual(await refusal(direct.chain('v3/certificates').get()), wanted);
});

test('a picture is uploaded with a signature over its description alone', async () => {
  const picture = Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex');
  const meta = { filename: 'shop.jpg', sha256: crypto.createHash('sha256').update(picture).digest('hex') };
  const form = new Multipart().append('meta', JSON.stringify(meta)).append('file', picture, 'shop.jpg');
  const answer = await partner.chain('v3/merchant/media/upload').post(form.getBuffer(), { meta, headers: form.getHeaders() });
  assert.ok(answer.data.media_id);
  const lying = { ...meta, sha256: '0'.repeat(64) };
  const wrong = new Multipart().append('meta', JSON.stringify(lying)).append('file', picture, 'shop.jpg');
  const refused = await refusal(
    partner.chain('v3/merchant/media/upload').post(wrong.getBuffer(), { meta: lying, headers: wrong.getHeaders() }),
  );
  assert.equal(refused.status, 400);
});

test('the bills of a day are asked for, fetched, checked and read, plain and packed', async (t) => {
  const { made, notice } = await paidOrder();
  const day = beijingDay(Date.now());
  const minutes = minutesToBills(Date.now());
  await sandbox.control('time', { forward_minutes: minutes });
  mock.timers.enable({ apis: ['Date'], now: Date.now() + minutes * 60_000 });
  t.after(async () => {
    mock.timers.reset();
    await sandbox.control('time', { forward_minutes: -minutes });
  });
  const kinds = [
    ['v3/bill/tradebill', { bill_type: 'ALL' }, `\`${made.out_trade_no},`],
    ['v3/bill/fundflowbill', { account_type: 'BASIC' }, `\`${notice.transaction_id},`],
  ];
  for (const [path, kind, line] of kinds) {
    for (const packed of [{}, { tar_type: 'GZIP' }]) {
      const { data } = await direct.chain(path).get({ params: { bill_date: day, ...kind, ...packed } });
      assert.equal(data.hash_type, 'SHA1');
      const url = new URL(data.download_url);
      assert.equal(url.pathname, '/v3/billdownload/file');
      const file = await direct.chain('v3/billdownload/file')
        .get({ params: Object.fromEntries(url.searchParams), responseType: 'arraybuffer' });
      const text = packed.tar_type ? zlib.gunzipSync(file.data) : file.data;
      const sha1 = (bytes) => crypto.createHash('sha1').update(bytes).digest('hex');
      assert.ok([sha1(file.data), sha1(text)].includes(data.hash_value.toLowerCase()), 'the hash is that of the bill');
      assert.ok(text.includes(line), text.toString());
      assert.ok(text.includes('`128.50,'), 'amounts are in yuan');
      const { rows } = Formatter.castCsvBill(text);
      assert.ok(rows.length >= 1);
    }
  }
  const early = await refusal(direct.chain('v3/bill/tradebill').get({ params: { bill_date: beijingDay(Date.now()) } }));
  assert.match(early.code, /NO_STATEMENT_EXIST|STATEMENT_CREATING|INVALID_REQUEST|PARAM_ERROR/);
});
