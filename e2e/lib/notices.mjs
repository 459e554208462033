// Notices of WeChat Pay made here, on Node's own cryptography: signed with the local WeChat's platform key, so that a
// test can say what the local WeChat itself never would.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { control } from './phone.mjs';

/** The credentials file of the local WeChat beside the program: what the program was given, as JSON. */
export function credentials(demo) {
  return JSON.parse(fs.readFileSync(path.join(demo.dataFolder, 'sandbox', 'credentials.json'), 'utf8'));
}

/**
 * The notice of a successful payment, ready to post: `{ headers, body }`.
 *
 * @param order an order as the control desk shows it (`control(demo, 'payments')`)
 * @param change what the transaction says differently, such as `{ amount: { total: 1, … } }`
 */
export async function paymentNotice(demo, order, change = {}) {
  const { partner, platform, people } = credentials(demo);
  const payer = people.find(({ id }) => id === order.person);
  const { now } = await control(demo, 'time', {});
  const transaction = {
    sp_appid: order.appid, sp_mchid: partner.mchid, sub_mchid: order.sub_mchid, out_trade_no: order.out_trade_no,
    transaction_id: `42000000${crypto.randomInt(1e14)}`, trade_type: 'JSAPI', trade_state: 'SUCCESS', trade_state_desc: '支付成功',
    bank_type: 'OTHERS', attach: order.attach ?? '', success_time: now, payer: { sp_openid: payer.openid },
    amount: { total: order.total, payer_total: order.total, currency: 'CNY', payer_currency: 'CNY' },
    ...change,
  };
  const nonce = crypto.randomBytes(6).toString('hex');
  const cipher = crypto.createCipheriv('aes-256-gcm', partner.api_v3_key, nonce);
  cipher.setAAD(Buffer.from('transaction'));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(transaction), 'utf8'), cipher.final(), cipher.getAuthTag()]);
  const body = JSON.stringify({
    id: crypto.randomUUID(), create_time: now, resource_type: 'encrypt-resource', event_type: 'TRANSACTION.SUCCESS', summary: '支付成功',
    resource: { original_type: 'transaction', algorithm: 'AEAD_AES_256_GCM', ciphertext: sealed.toString('base64'),
      associated_data: 'transaction', nonce },
  });
  return { body, headers: sign(demo, platform.public_key_id, now, body) };
}

function sign(demo, serial, now, body) {
  const timestamp = String(Math.floor(Date.parse(now) / 1000));
  const nonce = crypto.randomBytes(16).toString('hex');
  const key = fs.readFileSync(path.join(demo.dataFolder, 'sandbox', 'platform_key.pem'));
  const signature = crypto.sign('sha256', Buffer.from(`${timestamp}\n${nonce}\n${body}\n`), key).toString('base64');
  return {
    'content-type': 'application/json', 'wechatpay-timestamp': timestamp, 'wechatpay-nonce': nonce, 'wechatpay-serial': serial,
    'wechatpay-signature': signature, 'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048',
  };
}
