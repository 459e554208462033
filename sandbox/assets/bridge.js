// What the phone answers to the JS-SDK of a page.
import {choosePictures} from './compose.js';
import {announce, byId, post, yuan} from './dom.js';
import {scan} from './scan.js';
import {openSheet} from './sheet.js';
import {act, network, pause, person, state} from './state.js';
import {closePage, openPage, page} from './webview.js';

/** How long the result of a payment is under way when the person pays on a slow network. */
const SLOW_RESULT_MS = 8000;
const METHODS = {
  config, getLocation, openLocation, previewImage, scanQRCode, chooseImage, getLocalImgData, uploadImage, downloadImage,
  openAddress, dial, subscribe, getBrandWCPayRequest: pay,
  updateAppMessageShareData: share, updateTimelineShareData: () => ok, onMenuShareTimeline: () => never,
  onMenuShareAppMessage: shareLater,
  getNetworkType: () => ({...ok, networkType: state.slow ? '2g' : '5g'}),
  hideOptionMenu: () => setMore(true),
  showOptionMenu: () => setMore(false),
  hideMenuItems: ({menuList = []}) => setItems(menuList, true),
  showMenuItems: ({menuList = []}) => setItems(menuList, false),
  hideAllNonBaseMenuItem: () => setPlain(true),
  showAllNonBaseMenuItem: () => setPlain(false),
  closeWindow: () => {
    setTimeout(closePage, 0);
    return ok;
  },
};
const ok = {outcome: 'ok'};
const cancelled = {outcome: 'cancel'};
const never = new Promise(() => {});

/** Carries a call out; the answer has WeChat's `errMsg`. */
export async function answer(method, params) {
  if (!Object.hasOwn(METHODS, method)) return {errMsg: `${method}:fail, function does not exist`};
  const {outcome, ...more} = await METHODS[method](params);
  return outcome ? {errMsg: `${method}:${outcome}`, ...more} : more;
}

async function config(params) {
  await network();
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
    if (choice !== 'yes') return cancelled;
    await act('location-consent', {allowed: true});
    state.locationAllowed = true;
  }
  const {lat, lng} = type === 'gcj02' ? state.gcj02 : state.place;
  return {...ok, latitude: lat, longitude: lng, speed: 0, accuracy: 30};
}

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
    return {err_msg: 'get_brand_wcpay_request:fail', err_desc: error.message};
  }
  const choice = await openSheet({
    kind: 'pay',
    title: '确认支付',
    amount: yuan(sheet.total),
    rows: [['商品', sheet.description], ['收款商户', sheet.payee], ['付款方式', '零钱']],
    buttons: [['paid', '支付'], ['slow', '支付，但网络很慢'], ['insufficient', '余额不足'], ['cancel', '取消']],
  });
  if (choice === 'cancel') return {err_msg: 'get_brand_wcpay_request:cancel'};
  const result = await post('/phone/pay', {person, prepay_id: sheet.prepay_id, outcome: choice === 'slow' ? 'paid' : choice});
  await tellOutcome(choice, result, sheet);
  return {err_msg: result.err_msg};
}

/** What the person sees after the button. The page hears nothing before it is gone. */
async function tellOutcome(choice, result, sheet) {
  // The money has moved and the notice is on its way: it may well reach the program before the page knows.
  if (choice === 'slow' || state.slow) {
    await openSheet({title: '正在支付…', body: '网络不给力，请稍候。', buttons: [], until: pause(SLOW_RESULT_MS)});
  }
  if (choice === 'insufficient') {
    await openSheet({title: '零钱余额不足', body: '没有扣款。', buttons: [['close', '知道了']]});
  } else if (result.problem) {
    await openSheet({title: '支付失败', body: result.problem, buttons: [['close', '知道了']]});
  } else {
    announce(`支付成功，${yuan(sheet.total)}`);
    await openSheet({kind: 'paid', title: '支付成功', amount: yuan(sheet.total), buttons: [['done', '完成']], until: pause(1200)});
  }
}

async function openLocation({name = '', address = '', latitude, longitude}) {
  await openSheet({
    title: name || '位置',
    body: address,
    rows: [['纬度', String(latitude)], ['经度', String(longitude)], ['坐标系', 'GCJ-02']],
    buttons: [['close', '关闭地图']],
  });
  return ok;
}

async function previewImage({current, urls = []}) {
  const all = urls.length ? urls : [current];
  let at = Math.max(0, all.indexOf(current));
  for (;;) {
    const choice = await openSheet({
      title: all.length > 1 ? `图片 ${at + 1}/${all.length}` : '图片',
      picture: all[at],
      buttons: [...(all.length > 1 ? [['next', '下一张']] : []), ['close', '关闭']],
    });
    if (choice !== 'next') return ok;
    at = (at + 1) % all.length;
  }
}

async function scanQRCode({needResult = 0}) {
  const content = await scan();
  if (content === null) return cancelled;
  if (needResult === 1) return {...ok, resultStr: content};
  if (/^https?:/.test(content)) openPage(content);
  return ok;
}

async function chooseImage({count = 9}) {
  const pictures = await choosePictures(count);
  return pictures.length ? {...ok, sourceType: 'album', localIds: pictures.map(({url}) => url)} : cancelled;
}

async function getLocalImgData({localId}) {
  const response = await fetch(`/phone/files/${idOf(localId)}`);
  if (!response.ok) return {outcome: 'fail, invalid localId'};
  const reader = new FileReader();
  reader.readAsDataURL(await response.blob());
  await new Promise((resolve) => reader.addEventListener('load', resolve, {once: true}));
  return {...ok, localData: reader.result};
}

function idOf(localId) {
  return String(localId).split('/').pop();
}

async function uploadImage({localId}) {
  await network();
  return {...ok, serverId: idOf(localId)};
}

function downloadImage({serverId}) {
  return {...ok, localId: `${location.origin}/phone/files/${serverId}`};
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
  return choice === 'yes' ? {...ok, ...address} : cancelled;
}

async function dial({number}) {
  const choice = await openSheet({title: number, body: '呼叫这个号码？', buttons: [['call', '呼叫'], ['cancel', '取消']]});
  if (choice === 'call') announce(`正在呼叫 ${number}`);
  return ok;
}

/** Asks whether the account may send one notice more of each template; at most three are asked about at once. */
async function subscribe({templates = []}) {
  if (!templates.length || templates.length > 3) return {outcome: 'fail, invalid template', errCode: '10002'};
  const told = await Promise.all(templates.map((id) => fetch(`/control/subscriptions/${encodeURIComponent(id)}`).then((found) => found.ok && found.json())));
  if (!told.every(Boolean)) return {outcome: 'fail, no template data return', errCode: '10001'};
  const answer = await openSheet({
    title: `“${state.account}”想给你发通知`,
    body: `${told.map(({title}) => title).join('、')}。同意一次，可以发一条。`,
    buttons: [['accept', '允许'], ['reject', '取消']],
  });
  const details = {};
  for (const id of templates) {
    await post(`/control/people/${person}/subscribe`, {template_id: id, accept: answer === 'accept'});
    details[id] = JSON.stringify({status: answer});
  }
  return {...ok, subscribeDetails: JSON.stringify(details)};
}

/** A card may only lead to the domain of the page that gives it; otherwise the phone shares the page itself. */
function share(params) {
  const host = (url) => URL.parse(url)?.hostname;
  page.shared = host(params.link) === host(page.url) ? params : {...params, link: ''};
  return ok;
}

/** The older call: its callback runs when the person has shared. */
function shareLater(params) {
  share(params);
  return new Promise((resolve) => {
    page.onShared = (outcome) => resolve({outcome});
  });
}

function setMore(hidden) {
  byId('web-more').hidden = hidden;
  return ok;
}

function setItems(items, hidden) {
  for (const item of items) page.hidden[hidden ? 'add' : 'delete'](item);
  return ok;
}

function setPlain(plain) {
  page.plainMenu = plain;
  return ok;
}
