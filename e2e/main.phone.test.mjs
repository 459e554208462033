// The local WeChat's own app: what a person sends, shares, pays and reads there, on two phones in two browsers.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { launchBrowser, newPage, pageTroubles } from './lib/browser.mjs';
import { until } from './lib/children.mjs';
import { CONTACT, chooseTime, fillDetails, sendDetails, shopNamed } from './lib/journeys.mjs';
import { control, openPhone } from './lib/phone.mjs';
import { OUT, ROOT, startDemo } from './lib/program.mjs';

let demo;
let browser;
let shop;
let zhang;
let liu;
before(async () => {
  demo = await startDemo();
  browser = await launchBrowser();
  shop = await shopNamed(demo, '清和堂');
  zhang = await openPhone(browser, demo, 'zhangli');
  liu = await openPhone(browser, demo, 'liu');
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

const pushed = async (words) => (await control(demo, 'traffic?after=0')).traffic.filter(({ inbound, note }) => !inbound && note.includes(words));

/** The account's token, and a call of the account's with it. */
const called = async (path, body) => (await fetch(demo.sandboxUrl + path, { method: 'POST', body: JSON.stringify(body) })).json();
const given = async () => {
  const { app_id: appid, app_secret: secret } = await control(demo, 'credentials');
  return called('/cgi-bin/stable_token', { grant_type: 'client_credential', appid, secret });
};

/** The shop's page on `phone`, its JS-SDK ready. */
async function openShop(phone, index = 0) {
  await phone.page.goto(`${demo.sandboxUrl}/phone?person=${phone.person}&open=${encodeURIComponent(`${demo.url}/shops/${shop.id}?${index}`)}`);
  await phone.at(/^\/shops\/[^/]+$/);
  await phone.page.frame({ name: 'webview' }).evaluate(() => new Promise((done) => globalThis.wx.ready(done)));
}

test('a stranger scans the account, looks, and follows', async () => {
  await control(demo, 'qrcodes', { scene: 'poster' });
  await zhang.page.locator('#scan').click();
  await zhang.answer('公众号二维码：poster');
  await zhang.page.locator('#follow-bar').waitFor();
  assert.equal((await pushed('subscribe')).length, 0, 'looking is not following');
  await zhang.page.locator('#follow').click();
  await zhang.message('欢迎');
  assert.equal((await pushed('qrscene_poster')).length, 1);
});

test('a picture, a recorded file and a place reach the program', async () => {
  await zhang.openAccount();
  await zhang.page.locator('#keyboard').click();
  await zhang.page.locator('#plus').click();
  await zhang.page.locator('#send-picture').click();
  const chooser = zhang.page.waitForEvent('filechooser');
  await zhang.answer('从相册选择');
  await (await chooser).setFiles(path.join(ROOT, 'sandbox/assets/picture.svg'));
  await zhang.page.locator('#messages li.me.image').waitFor();
  assert.equal((await pushed('/phone/files/')).length, 1);

  await zhang.page.locator('#send-voice').click();
  await zhang.answer('发示例语音');
  const [sample] = await until(async () => {
    const found = await pushed('<MsgType><![CDATA[voice]]>');
    return found.length ? found : null;
  }, 5_000, 'no voice was pushed');
  const id = sample.note.match(/<MediaId><!\[CDATA\[([0-9a-f]+)/)[1];
  const file = path.join(OUT, 'voice.wav');
  fs.mkdirSync(OUT, { recursive: true });
  fs.writeFileSync(file, Buffer.from(await (await fetch(`${demo.sandboxUrl}/mmbiz/${id}`)).arrayBuffer()));
  await zhang.page.locator('#send-voice').click();
  const sounds = zhang.page.waitForEvent('filechooser');
  await zhang.answer('选择声音文件');
  await (await sounds).setFiles(file);
  await zhang.page.locator('#messages li.me.voice').nth(1).waitFor();

  await zhang.page.locator('#send-voice').click();
  await zhang.answer('开始录音');
  await zhang.page.getByRole('button', { name: '停止并发送' }).waitFor();
  await zhang.page.waitForTimeout(500);
  await zhang.answer('停止并发送');
  await zhang.page.locator('#messages li.me.voice').nth(2).waitFor();
  const recorded = (await pushed('<MsgType><![CDATA[voice]]>')).at(-1).note.match(/<MediaId><!\[CDATA\[([0-9a-f]+)/)[1];
  const sound = Buffer.from(await (await fetch(`${demo.sandboxUrl}/mmbiz/${recorded}`)).arrayBuffer());
  assert.equal(sound.subarray(0, 4).toString(), 'RIFF');
  assert.ok(sound.length > 44 + 16_000 * 0.3 * 2, `half a second of sound was heard, not ${sound.length} bytes`);

  await zhang.page.locator('#send-place').click();
  await zhang.page.locator('#sheet-place').selectOption('国贸');
  await zhang.answer('发送');
  await zhang.message('国贸');
});

test('a card goes to a friend in another browser, who opens it', async () => {
  await openShop(zhang);
  const link = `${demo.url}/shops/${shop.id}?from=card`;
  const shared = await zhang.sdk('updateAppMessageShareData', { title: '清和堂真不错', desc: '离我很近', link, imgUrl: '' });
  assert.equal(shared.errMsg, 'updateAppMessageShareData:ok');
  await zhang.sendToFriend('刘师傅');
  await liu.openFriend('张丽');
  await liu.page.locator('#messages').getByRole('button', { name: '清和堂真不错' }).click();
  assert.equal((await liu.at(/^\/shops\/[^/]+$/)).search, '?from=card');
  // What leads to another domain is not shared; the page itself is.
  await zhang.sdk('updateAppMessageShareData', { title: '别处', desc: '', link: 'http://elsewhere.example/', imgUrl: '' });
  await zhang.sendToFriend('刘师傅');
  await liu.openFriend('张丽');
  const second = liu.page.locator('#messages').getByRole('button', { name: '别处' });
  await second.click();
  await liu.at(/^\/shops\/[^/]+$/);
});

test('the JS-SDK does what its list allows and refuses the rest in WeChat’s words', async () => {
  await openShop(zhang, 1);
  const { checkResult } = await zhang.sdk('checkJsApi', { jsApiList: ['getLocation', 'startBeacons'] });
  assert.deepEqual(checkResult, { getLocation: true, startBeacons: false });
  assert.equal((await zhang.sdk('getLocalImgData')).errMsg, 'getLocalImgData:permission denied', 'the page did not ask for it');
  const frame = zhang.page.frame({ name: 'webview' });
  const problem = await frame.evaluate(() => new Promise((resolve) => {
    globalThis.wx.error(resolve);
    globalThis.wx.config({ appId: 'wx0', timestamp: 1, nonceStr: 'n', signature: 's', jsApiList: ['getLocation'] });
  }));
  assert.equal(problem.errMsg, 'config:invalid appId');
  assert.equal((await zhang.sdk('getLocation')).errMsg, 'getLocation:fail, the permission value is offline verifying');
});

test('a tag on a page asks for a notice, and the answer reaches page and program', async () => {
  await openShop(zhang, 3);
  const { access_token: token } = await given();
  const { priTmplId: id } = await called(`/wxaapi/newtmpl/addtemplate?access_token=${token}`, { tid: '12001', kidList: [1, 2], sceneDesc: '预约通知' });
  const frame = zhang.page.frame({ name: 'webview' });
  const heard = await frame.evaluateHandle((template) => {
    const { config } = JSON.parse(document.getElementById('wx').textContent);
    globalThis.wx.config({ ...config, jsApiList: [], openTagList: ['wx-open-subscribe'] });
    const tag = document.createElement('wx-open-subscribe');
    tag.setAttribute('template', template);
    tag.innerHTML = '<template><button>接收预约通知</button></template>';
    const told = new Promise((resolve) => ['success', 'error'].forEach((name) => tag.addEventListener(name, ({ detail }) => resolve({ name, ...detail }))));
    document.querySelector('main').prepend(tag);
    return { told };
  }, id);
  await zhang.web.getByRole('button', { name: '接收预约通知' }).click();
  assert.match(await zhang.question(), /预约成功通知/);
  await zhang.answer('允许');
  const outcome = await heard.evaluate(({ told }) => told);
  assert.equal(outcome.name, 'success');
  assert.deepEqual(JSON.parse(JSON.parse(outcome.subscribeDetails)[id]), { status: 'accept' });
  await until(async () => (await pushed('subscribe_msg_popup_event')).length === 1 || null, 5_000, 'the answer was not pushed');
});

test('pictures that a page asks for, menus that it hides', async () => {
  await openShop(zhang, 2);
  const frame = zhang.page.frame({ name: 'webview' });
  // The bridge below the SDK: the page of the product asks for fewer calls than the phone has.
  const bridged = (name, params) => frame.evaluate(([called, given]) => new Promise((resolve) => {
    const id = 900_000 + Math.floor(Math.random() * 1000);
    const hear = ({ data }) => data.weixin === 'reply' && data.id === id && (removeEventListener('message', hear), resolve(data.result));
    addEventListener('message', hear);
    parent.postMessage({ weixin: 'call', id, method: called, params: given }, '*');
  }), [name, params]);
  const asked = bridged('chooseImage', { count: 1 });
  await zhang.answer('用这张示例图片');
  const { localIds } = await asked;
  const { localData } = await bridged('getLocalImgData', { localId: localIds[0] });
  assert.match(localData, /^data:image\/jpeg;base64,/);
  assert.match((await bridged('uploadImage', { localId: localIds[0] })).serverId, /^[0-9a-f]{64}$/);
  await bridged('hideMenuItems', { menuList: ['menuItem:share:appMessage'] });
  await zhang.page.locator('#web-more').click();
  const words = await zhang.question();
  assert.ok(!words.includes('发送给朋友') && words.includes('复制链接'), words);
  await zhang.answer('取消');
  const scanned = bridged('scanQRCode', { needResult: 1 });
  await zhang.page.locator('#sheet-field').fill('ORDER-7');
  await zhang.answer('识别');
  assert.equal((await scanned).resultStr, 'ORDER-7');
  const address = bridged('openAddress', {});
  await zhang.answer('用这个地址');
  assert.equal((await address).userName, '张丽');
  assert.equal((await bridged('openCard', {})).errMsg, 'openCard:fail, function does not exist');
});

test('too little money, then a slow payment, then the bill and the refund', async () => {
  await openShop(zhang, 3);
  await chooseTime(zhang, { index: 3 });
  await fillDetails(zhang, CONTACT);
  await sendDetails(zhang);
  const button = zhang.web.locator('button[data-wx-pay]');
  await button.click();
  await zhang.answer('余额不足');
  assert.match(await zhang.question(), /没有扣款/);
  await zhang.answer('知道了');
  await button.click();
  const pressed = Date.now();
  await zhang.answer('支付，但网络很慢');
  const paid = await until(async () => (await control(demo, 'payments')).payments.find(({ state }) => state === 'SUCCESS'), 5_000, 'it was not paid');
  assert.match(await zhang.question(), /正在支付/, 'the money has moved and the page does not know yet');
  await zhang.page.getByRole('dialog', { name: '支付成功' }).waitFor();
  assert.ok(Date.now() - pressed >= 7_000);
  await zhang.page.locator('#sheet').waitFor({ state: 'hidden' });
  await zhang.at(/\/payment$/);
  await zhang.closePage();
  await zhang.page.locator('[data-view=me]').click();
  await zhang.page.locator('#open-bills').click();
  await zhang.page.locator('#bill-list button').first().click();
  const words = await zhang.page.locator('#bill-body').innerText();
  assert.ok(words.includes(paid.out_trade_no) && words.includes('支付成功'), words);
});

test('the control desk changes how the account is encrypted, who may ask and how often', async () => {
  const page = await newPage(browser, { width: 1280, height: 1000 });
  await page.goto(`${demo.sandboxUrl}/control`);
  const press = async (name) => {
    await page.locator('#status').evaluate((status) => (status.textContent = ''));
    await page.getByRole('button', { name, exact: true }).click();
    await page.locator('#status', { hasText: '已办' }).waitFor();
  };
  await page.locator('#mode').selectOption('plain');
  await press('改用');
  assert.equal((await control(demo, 'push')).mode, 'plain');
  await page.locator('#mode').selectOption('safe');
  await press('改用');
  const { access_token: token } = await given();
  await page.locator('#interface').fill('/cgi-bin/user/get');
  await page.locator('#daily').fill('1');
  await press('设定额度');
  const followers = () => fetch(`${demo.sandboxUrl}/cgi-bin/user/get?access_token=${token}`).then((answer) => answer.json());
  assert.ok((await followers()).total > 0);
  assert.equal((await followers()).errcode, 45009);
  await page.locator('#ips').fill('10.0.0.1, 10.0.0.2');
  await press('设定白名单');
  assert.equal((await given()).errcode, 40164);
  await page.locator('#ips').fill('');
  await press('设定白名单');
  assert.ok((await given()).access_token);
  assert.deepEqual(pageTroubles(page), []);
});

test('on a slow network pages come late', async () => {
  await control(demo, 'people/liu/network', { slow: true });
  await liu.page.waitForFunction(() => document.getElementById('slow').checked);
  await liu.openAccount();
  const started = Date.now();
  await liu.page.locator('#menu button').first().click();
  await liu.at(/.*/);
  assert.ok(Date.now() - started >= 4_000, `${Date.now() - started} ms`);
  await control(demo, 'people/liu/network', { slow: false });
  assert.deepEqual([...pageTroubles(zhang.page), ...pageTroubles(liu.page)], []);
});
