// The account's pages inside the phone, and the answers to their JS-SDK.
import {make} from './chat.js';
import {act, announce, person, post, scan, show, state} from './phone.js';
import {openSheet} from './sheet.js';

const byId = (id) => document.getElementById(id);
let frame = null;
let loads = 0;
let goingBack = false;
let from = 'chat';
let shared = {};

export function startWebview() {
  byId('web-close').addEventListener('click', closePage);
  byId('web-back').addEventListener('click', back);
  byId('web-more').addEventListener('click', more);
  window.addEventListener('message', receive);
}

export function openPage(url) {
  if (byId('web').hidden) from = byId('chat').hidden ? 'list' : 'chat';
  frame?.remove();
  loads = 0;
  shared = {};
  frame = make('iframe', {name: 'webview', title: '公众号网页', src: url, allow: 'autoplay; clipboard-write'});
  frame.addEventListener('load', () => {
    if (goingBack) loads -= 1;
    else loads += 1;
    goingBack = false;
  });
  byId('frame').replaceChildren(frame);
  setTitle('正在打开…');
  show('web');
}

export function closePage() {
  frame?.remove();
  frame = null;
  show(from);
}

/** Back inside the page; from its first page, out of it. */
function back() {
  if (loads <= 1) return closePage();
  goingBack = true;
  history.back();
}

async function more() {
  const title = shared.title || byId('web-title').textContent;
  const link = shared.link || frame.dataset.url || frame.src;
  const answer = await openSheet({
    title,
    body: [shared.desc, link].filter(Boolean).join(' · '),
    buttons: [['copy', '复制链接'], ['reload', '刷新'], ['close', '取消']],
  });
  if (answer === 'copy') await navigator.clipboard.writeText(link).then(() => announce('链接已复制'), () => announce('浏览器不许复制'));
  if (answer === 'reload') openPage(frame.dataset.url || frame.src);
}

function setTitle(title) {
  byId('web-title').textContent = title;
  if (frame) frame.title = title;
}

async function receive(event) {
  if (!frame || event.source !== frame.contentWindow || !event.data) return;
  const {weixin, id, method, params, title, url} = event.data;
  if (weixin === 'page') return takePage(title, url);
  if (weixin !== 'call') return;
  const source = event.source;
  const result = await answer(method, params);
  // The page may have gone elsewhere while the person was deciding.
  if (frame && frame.contentWindow === source) source.postMessage({weixin: 'reply', id, result}, event.origin);
}

function takePage(title, url) {
  if (title) setTitle(title);
  frame.dataset.url = url;
}

async function answer(method, params) {
  switch (method) {
    case 'hello': takePage(params.title, params.url); return {errMsg: 'hello:ok'};
    case 'config': return config(params);
    case 'getLocation': return getLocation(params);
    case 'getBrandWCPayRequest': return pay(params);
    case 'openLocation': return openLocation(params);
    case 'previewImage': return previewImage(params);
    case 'scanQRCode': return scanQRCode(params);
    case 'chooseImage': return chooseImage();
    case 'openAddress': return openAddress();
    case 'dial': return dial(params);
    case 'getNetworkType': return {errMsg: 'getNetworkType:ok', networkType: '5g'};
    case 'updateAppMessageShareData':
    case 'updateTimelineShareData': shared = params; return {errMsg: `${method}:ok`};
    case 'hideOptionMenu': byId('web-more').hidden = true; return {errMsg: 'hideOptionMenu:ok'};
    case 'showOptionMenu': byId('web-more').hidden = false; return {errMsg: 'showOptionMenu:ok'};
    case 'hideMenuItems':
    case 'showMenuItems': return {errMsg: `${method}:ok`};
    case 'closeWindow': setTimeout(closePage, 0); return {errMsg: 'closeWindow:ok'};
    default: return {errMsg: `${method}:fail, function does not exist`};
  }
}

async function config(params) {
  try {
    return await post('/phone/config', params);
  } catch (error) {
    return {errMsg: `config:fail, ${error.message}`};
  }
}

async function getLocation({type = 'wgs84'}) {
  if (!state.locationAllowed) {
    const choice = await openSheet({
      title: '允许使用你的位置？',
      body: `“${state.account}”的网页想知道你在哪里。`,
      buttons: [['yes', '允许'], ['no', '拒绝']],
    });
    if (choice !== 'yes') return {errMsg: 'getLocation:cancel'};
    await act('location-consent', {allowed: true});
    state.locationAllowed = true;
  }
  const {lat, lng} = type === 'gcj02' ? state.gcj02 : state.place;
  return {errMsg: 'getLocation:ok', latitude: lat, longitude: lng, speed: 0, accuracy: 30};
}

const cancelled = {err_msg: 'get_brand_wcpay_request:cancel'};
const refused = {err_msg: 'get_brand_wcpay_request:fail'};

async function pay(params) {
  const text = (name) => String(params[name] ?? '');
  let sheet;
  try {
    sheet = await post(`/control/people/${person}/sheet`, {
      appId: text('appId'), timeStamp: text('timeStamp'), nonceStr: text('nonceStr'),
      package: text('package'), signType: text('signType'), paySign: text('paySign'),
    });
  } catch (error) {
    await openSheet({title: '无法支付', body: error.message, buttons: [['close', '知道了']]});
    return {...refused, err_desc: error.message};
  }
  const choice = await openSheet({
    kind: 'pay',
    title: '确认支付',
    amount: `¥${(sheet.total / 100).toFixed(2)}`,
    rows: [['商品', sheet.description], ['收款商户', sheet.payee], ['支付方式', '零钱']],
    buttons: [['paid', '支付'], ['insufficient', '余额不足'], ['cancel', '取消']],
  });
  if (choice === 'cancel') return cancelled;
  const result = await post('/phone/pay', {person, prepay_id: sheet.prepay_id, outcome: choice});
  if (choice === 'insufficient') {
    await openSheet({title: '零钱余额不足', body: '没有扣款。', buttons: [['close', '知道了']]});
  } else if (result.problem) {
    await openSheet({title: '支付失败', body: result.problem, buttons: [['close', '知道了']]});
  } else {
    announce('支付成功');
  }
  return {err_msg: result.err_msg};
}

async function openLocation({name = '', address = '', latitude, longitude}) {
  await openSheet({
    title: name || '位置',
    body: address,
    rows: [['纬度', String(latitude)], ['经度', String(longitude)], ['坐标系', 'GCJ-02']],
    buttons: [['close', '关闭地图']],
  });
  return {errMsg: 'openLocation:ok'};
}

async function previewImage({current, urls = []}) {
  await openSheet({title: '图片', picture: current || urls[0], buttons: [['close', '关闭']]});
  return {errMsg: 'previewImage:ok'};
}

async function scanQRCode({needResult = 0}) {
  const content = await scan();
  if (content === null) return {errMsg: 'scanQRCode:cancel'};
  if (needResult === 1) return {errMsg: 'scanQRCode:ok', resultStr: content};
  if (/^https?:/.test(content)) openPage(content);
  return {errMsg: 'scanQRCode:ok'};
}

async function chooseImage() {
  const choice = await openSheet({
    title: '选择图片',
    picture: '/phone/picture.svg',
    buttons: [['yes', '用这一张'], ['no', '取消']],
  });
  if (choice !== 'yes') return {errMsg: 'chooseImage:cancel'};
  return {errMsg: 'chooseImage:ok', sourceType: 'album', localIds: [`${location.origin}/phone/picture.svg`]};
}

async function openAddress() {
  const address = {
    userName: state.name, postalCode: '100031', provinceName: '北京市', cityName: '北京市', countryName: '西城区',
    detailInfo: '太平桥大街示例院 1 号', nationalCode: '110102', telNumber: '13800000000',
  };
  const choice = await openSheet({
    title: '收货地址',
    rows: [['收件人', address.userName], ['电话', address.telNumber], ['地址', address.provinceName + address.countryName + address.detailInfo]],
    buttons: [['yes', '用这个地址'], ['no', '取消']],
  });
  return choice === 'yes' ? {errMsg: 'openAddress:ok', ...address} : {errMsg: 'openAddress:cancel'};
}

async function dial({number}) {
  const choice = await openSheet({title: number, body: '呼叫这个号码？', buttons: [['call', '呼叫'], ['cancel', '取消']]});
  if (choice === 'call') announce(`正在呼叫 ${number}`);
  return {errMsg: 'dial:ok'};
}

/** Adds new exchanges to the log beside the phone. */
export function showTraffic(exchanges) {
  const log = byId('traffic');
  for (const one of exchanges) {
    const arrow = one.inbound ? '程序 → 微信' : '微信 → 程序';
    const time = new Date(one.at).toLocaleTimeString('zh-CN', {hour12: false});
    const status = one.status === 0 ? '无应答' : String(one.status);
    log.prepend(make('li', {class: one.inbound ? 'in' : 'out'}, make('details', {},
      make('summary', {}, make('span', {class: 'who'}, arrow), ` ${one.what.split('?')[0]} `,
        make('span', {class: one.status >= 200 && one.status < 400 ? 'ok' : 'bad'}, status), ` ${one.millis} ms · ${time}`),
      make('pre', {tabindex: '0', 'aria-label': '内容'}, [one.what, one.note, '', one.request, '', `← ${status}`, one.response].join('\n')))));
  }
  while (log.children.length > 200) log.lastElementChild.remove();
}
