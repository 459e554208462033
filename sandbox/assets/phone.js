// The phone: which view is in front, what is new, who stands where.
import {renderChat, renderMenu, summary} from './chat.js';
import {openSheet} from './sheet.js';
import {closePage, openPage, showTraffic, startWebview} from './webview.js';

export const person = document.body.dataset.person;
export const state = {seq: 0, thread: 'account', messages: [], following: false, menu: [], qrcodes: [], place: null};
const byId = (id) => document.getElementById(id);
const views = ['list', 'chat', 'web'].map(byId);
let announced = null;

/** Words for a screen reader, and nothing else. */
export function announce(words) {
  byId('live').textContent = words;
}

/** Posts JSON; an error of the sandbox becomes words on the phone. */
export async function post(path, body = {}) {
  const response = await fetch(path, {
    method: 'POST',
    headers: {'Content-Type': 'application/json'},
    body: JSON.stringify(body),
  });
  const result = await response.json();
  if (!response.ok) throw new Error(result.error || `HTTP ${response.status}`);
  return result;
}

/** Something this person does. What the program answers comes with the news. */
export async function act(verb, body = {}) {
  try {
    return await post(`/control/people/${person}/${verb}`, body);
  } catch (error) {
    announce(error.message);
    await openSheet({title: '没有办成', body: error.message, buttons: [['close', '知道了']]});
    return null;
  }
}

/** Brings a view to the front and moves the focus to its heading. */
export function show(name) {
  for (const view of views) view.hidden = view.id !== name;
  const target = {list: byId(`open-${state.thread}`), chat: byId('chat-title'), web: byId('web-title')}[name];
  target.focus();
}

export function openThread(thread) {
  state.thread = thread;
  renderChat(state);
  show('chat');
  byId('messages').scrollTop = byId('messages').scrollHeight;
}

function take(news) {
  // Smaller numbers mean that the sandbox was started anew and knows nothing of what stands here.
  if (news.seq < state.seq) return location.reload();
  const first = state.seq === 0;
  const {seq, messages, following, menu, qrcodes, gcj02, place, name, account} = news;
  const fresh = messages.filter((message) => message.seq > state.seq && message.from !== 'me');
  const moved = JSON.stringify(state.place) !== JSON.stringify(place);
  Object.assign(state, {seq, messages, following, menu, qrcodes, gcj02, place, name, account});
  state.locationAllowed = news.location_allowed;
  renderChat(state);
  renderMenu(state, tapMenu);
  showTraffic(news.traffic);
  if (moved) {
    byId('lat').value = place.lat.toFixed(5);
    byId('lng').value = place.lng.toFixed(5);
  }
  const last = fresh.at(-1);
  if (!first && last && last.seq !== announced) {
    announced = last.seq;
    const from = last.thread === 'wechat_pay' ? '微信支付' : account;
    announce(`${from}：${summary(last)}`);
  }
}

async function listen() {
  for (;;) {
    try {
      const response = await fetch(`/phone/state?person=${person}&after=${state.seq}`);
      take(await response.json());
    } catch {
      announce('本地微信没有应答，稍后再试');
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
}

async function tapMenu(button) {
  const result = await act('menu', {name: button.name, key: button.key, url: button.url});
  if (result?.open) openPage(result.open);
}

async function scan() {
  const codes = state.qrcodes.map((code) => [`code:${code.url}`, `公众号二维码：${code.scene}`]);
  const answer = await openSheet({
    title: '扫一扫',
    body: '选一个二维码，或输入码里的内容。',
    field: '码里的内容',
    buttons: [...codes, ['field', '识别'], ['cancel', '取消']],
  });
  return answer.startsWith('code:') ? answer.slice(5) : answer.startsWith('field:') ? answer.slice(6) : null;
}

/** The scanner: gives what stands in the code, or null. */
export {scan};

async function scanAndFollow() {
  const content = await scan();
  if (!content) return;
  if (content.startsWith('http://weixin.qq.com/q/')) {
    if (await act('scan', {url: content})) openThread('account');
  } else if (/^https?:/.test(content)) openPage(content);
  else await openSheet({title: '扫到的内容', body: content, buttons: [['close', '知道了']]});
}

byId('open-account').addEventListener('click', () => openThread('account'));
byId('open-wechat_pay').addEventListener('click', () => openThread('wechat_pay'));
byId('scan').addEventListener('click', scanAndFollow);
byId('chat-back').addEventListener('click', () => show('list'));
byId('follow').addEventListener('click', () => act('follow'));
byId('unfollow').addEventListener('click', async () => {
  const answer = await openSheet({
    title: '不再关注该公众号？',
    body: '取消后收不到它的消息。',
    buttons: [['yes', '不再关注'], ['no', '取消']],
  });
  if (answer === 'yes') act('unfollow');
});
byId('say').addEventListener('submit', (event) => {
  event.preventDefault();
  const words = byId('words');
  act('text', {text: words.value});
  words.value = '';
});
byId('send-picture').addEventListener('click', () => act('image'));
byId('send-place').addEventListener('click', () => act('location', {label: byId('station').value || '我的位置'}));
byId('keyboard').addEventListener('click', (event) => {
  const open = byId('compose').hidden;
  byId('compose').hidden = !open;
  event.currentTarget.setAttribute('aria-expanded', String(open));
  if (open) byId('words').focus();
});
byId('person').addEventListener('change', (event) => event.currentTarget.form.submit());
byId('station').addEventListener('change', (event) => {
  if (event.currentTarget.value) act('place', {station: event.currentTarget.value});
});
byId('place-form').addEventListener('submit', (event) => {
  event.preventDefault();
  byId('station').value = '';
  act('place', {lat: Number(byId('lat').value), lng: Number(byId('lng').value)});
});
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || !byId('sheet').hidden) return;
  if (!byId('web').hidden) closePage();
  else if (!byId('chat').hidden) show('list');
});

const tick = () => {
  byId('clock').textContent = new Date().toLocaleTimeString('zh-CN', {hour: '2-digit', minute: '2-digit'});
};
tick();
setInterval(tick, 20_000);
startWebview();
const wanted = new URLSearchParams(location.search).get('open');
if (wanted && /^https?:\/\//.test(wanted)) openPage(wanted);
listen();
