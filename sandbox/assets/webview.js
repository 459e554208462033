// The account's pages inside the phone.
import {answer} from './bridge.js';
import {announce, byId, make} from './dom.js';
import {sendToFriend} from './friends.js';
import {openSheet} from './sheet.js';
import {backTo, front, network, show} from './state.js';

let frame = null;
let loads = 0;
let goingBack = false;
let from = 'list';

/** What the page that stands in the frame told the phone. */
export const page = {title: '', url: '', shared: {}, hidden: new Set(), plainMenu: false, onShared: null};

/** Wires the bar above the page. */
export function startWebview() {
  byId('web-close').addEventListener('click', closePage);
  byId('web-back').addEventListener('click', back);
  byId('web-more').addEventListener('click', more);
  window.addEventListener('message', receive);
}

/** Opens an address. */
export async function openPage(url) {
  if (front() !== 'web') from = front();
  frame?.remove();
  loads = 0;
  forget(url);
  const opened = make('iframe', {name: 'webview', title: '公众号网页', allow: 'autoplay; clipboard-write'});
  frame = opened;
  opened.addEventListener('load', () => {
    if (goingBack) loads -= 1;
    else loads += 1;
    goingBack = false;
    byId('progress').hidden = true;
  });
  setTitle('正在打开…');
  byId('progress').hidden = false;
  byId('web-more').hidden = false;
  show('web');
  await network();
  // Another page may have been opened, or this one closed, while the network was slow.
  if (frame !== opened) return;
  opened.src = url;
  byId('frame').replaceChildren(opened);
}

/** Leaves the page. */
export function closePage() {
  frame?.remove();
  frame = null;
  backTo(from);
}

/** Back inside the page; from its first page, out of it. */
function back() {
  if (loads <= 1) return closePage();
  goingBack = true;
  history.back();
}

/** The menu of the three dots. What the page hid is not there. */
async function more() {
  const items = [
    ['friend', '发送给朋友', 'menuItem:share:appMessage'],
    ['copy', '复制链接', 'menuItem:copyUrl'],
    ['browser', '在浏览器打开', 'menuItem:openWithSafari'],
  ].filter(([, , item]) => !page.hidden.has(item) && !page.plainMenu);
  const choice = await openSheet({
    kind: 'list',
    title: page.title || byId('web-title').textContent,
    body: page.url,
    buttons: [...items.map(([value, label]) => [value, label]), ['reload', '刷新'], ['close', '取消']],
  });
  if (choice === 'friend') await share();
  if (choice === 'copy') await navigator.clipboard.writeText(page.url).then(() => announce('链接已复制'), () => announce('浏览器不许复制'));
  if (choice === 'browser') window.open(page.url, '_blank', 'noopener');
  if (choice === 'reload') openPage(page.url);
}

/** A page that gave nothing to share is shared by its title and address. */
async function share() {
  const {shared, onShared} = page;
  const link = shared.link || page.url;
  const sent = await sendToFriend({title: shared.title || page.title, desc: shared.desc || '', link, imgUrl: shared.imgUrl || ''});
  onShared?.(sent ? 'ok' : 'cancel');
}

function setTitle(title) {
  page.title = title;
  byId('web-title').textContent = title;
  if (frame) frame.title = title;
}

function forget(url) {
  Object.assign(page, {title: '', url, shared: {}, plainMenu: false, onShared: null});
  page.hidden.clear();
}

async function receive(event) {
  if (!frame || event.source !== frame.contentWindow || !event.data) return;
  const {weixin, id, method, params, title, url} = event.data;
  if (weixin === 'page') return take(title, url);
  if (weixin !== 'call') return;
  const source = event.source;
  if (method === 'hello') {
    forget(params.url);
    take(params.title, params.url);
  }
  const result = method === 'hello' ? {errMsg: 'hello:ok'} : await answer(method, params);
  // The page may have gone elsewhere while the person was deciding.
  if (frame && frame.contentWindow === source) source.postMessage({weixin: 'reply', id, result}, event.origin);
}

function take(title, url) {
  if (title) setTitle(title);
  page.url = url;
}
