// The control desk's forms and lists.
import {byId, hour, make, post, yuan} from './dom.js';
import {showTraffic} from './log.js';

const STATES = {NOTPAY: '未支付', SUCCESS: '已支付', CLOSED: '已关闭', REFUND: '有退款', PROCESSING: '处理中', ABNORMAL: '异常'};
const inWords = (value) => (STATES[value] ? `${STATES[value]} ${value}` : value);
let seen = 0;

/** Does something and says in words what came of it. */
async function attempt(words, path, body = {}, method = 'POST') {
  try {
    const result = await post(path, body, method);
    say(`${words}：已办${result.problem ? `，但是 ${result.problem}` : ''}`);
  } catch (error) {
    say(`${words}：没有办成，${error.message}`);
  }
  await refresh();
}

function say(words) {
  byId('status').textContent = words;
}

const button = (label, name, act) => make('button', {type: 'button', 'aria-label': name, 'data-key': name, onclick: act}, label);
const cells = (...values) => make('tr', {}, ...values.map((value) => make('td', {}, ...(Array.isArray(value) ? value : [value ?? '']))));
const drawn = new Map();

/** Draws a list anew when its facts changed; a button that had the focus keeps it. */
function draw(id, facts, element) {
  const now = JSON.stringify(facts);
  if (drawn.get(id) === now) return;
  drawn.set(id, now);
  const list = byId(id);
  const key = list.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  list.replaceChildren(...facts.map(element));
  if (key) list.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

function fault({kind, times, delay_ms: delay, path, errcode}) {
  const words = [...byId('kind').options].find((option) => option.value === kind)?.textContent ?? kind;
  return make('li', {}, `${words} × ${times}${delay ? `，${delay} 毫秒` : ''}${path ? `，${path}` : ''}${errcode ? `，${errcode}` : ''}`);
}

function someone(one) {
  const act = (verb, words, body = {}) => button(words, `${words} ${one.name}`, () => attempt(`${words} ${one.name}`, `/control/people/${one.id}/${verb}`, body));
  return cells(
    one.name, [make('code', {}, one.openid)],
    one.following ? `是${one.scene ? `，扫码 ${one.scene}` : ''}` : '否',
    `${one.place.lat.toFixed(4)}，${one.place.lng.toFixed(4)}`,
    one.slow ? '慢' : '正常',
    [
      make('a', {href: `/phone?person=${one.id}`}, `${one.name}的手机`), ' ',
      one.following ? act('unfollow', '取消关注') : act('follow', '关注'),
      act('network', one.slow ? '网络恢复' : '网络变慢', {slow: !one.slow}),
    ],
  );
}

function payment(order) {
  const number = order.out_trade_no;
  const act = button('支付', `支付 ${number}`, () => attempt(`支付 ${number}`, `/control/payments/${number}`, {outcome: 'paid'}));
  return cells(number, order.description, yuan(order.total), inWords(order.state), order.person, order.state === 'NOTPAY' ? [act] : '');
}

function refund(one) {
  return cells(one.out_refund_no, one.out_trade_no, yuan(one.refund), one.reason, inWords(one.status));
}

function notice(one) {
  const outcome = one.lost ? '丢失' : one.accepted ? '已收下' : one.attempts.length ? '没有收下' : '在路上';
  const name = `重发 ${one.event_type} ${one.out_trade_no} ${one.id.slice(0, 4)}`;
  const act = button('重发', name, () => attempt(name, `/control/notices/${one.id}/resend`));
  return cells(one.event_type, one.out_trade_no, one.attempts.join(' '), outcome, [act]);
}

const buttons = (menu) => (menu?.button ?? []).flatMap((one) => [one, ...(one.sub_button ?? []).map((below) => ({...below, name: `${one.name} › ${below.name}`}))]);
const menuItem = (one) => make('li', {}, [one.name, one.type, one.key || one.url].filter(Boolean).join(' · '));
const code = (one) => make('li', {}, make('img', {src: `/cgi-bin/showqrcode?ticket=${one.ticket}`, alt: `二维码，场景 ${one.scene}`, width: '130', height: '130'}), one.scene);

async function refresh() {
  const [state, payments, refunds, notices, people, time, traffic] = await Promise.all(
    ['state', 'payments', 'refunds', 'notices', 'people', 'time', `traffic?after=${seen}`].map((name) =>
      fetch(`/control/${name}`).then((response) => response.json())));
  draw('waiting', state.faults, fault);
  draw('people', people.people, someone);
  draw('payments', payments.payments.toReversed(), payment);
  draw('refunds', refunds.refunds.toReversed(), refund);
  draw('notices', notices.notices.toReversed(), notice);
  draw('menu-buttons', buttons(state.menu), menuItem);
  draw('codes', state.qrcodes, code);
  byId('now').textContent = `${time.now.slice(0, 10)} ${hour(Date.parse(time.now))}`;
  byId('pace').textContent = String(time.scale);
  if (traffic.traffic.length) {
    seen = traffic.traffic.at(-1).seq;
    showTraffic(traffic.traffic);
    sift();
  }
}

/** Shows of the log what the filter asks for. */
function sift() {
  const [topic, words] = [byId('topic').value, byId('words').value.trim()];
  for (const item of byId('traffic').children) {
    item.hidden = (topic !== '' && item.dataset.topic !== topic) || (words !== '' && !item.textContent.includes(words));
  }
}

function onSubmit(id, act) {
  byId(id).addEventListener('submit', (event) => {
    event.preventDefault();
    act();
  });
}

const number = (id) => Number(byId(id).value);
onSubmit('time', () => attempt('设定倍数', '/control/time', {scale: number('scale')}));
onSubmit('forward', () => attempt('拨钟', '/control/time', {forward_minutes: number('minutes')}));
onSubmit('fault', () => attempt('加上故障', '/control/faults', {
  kind: byId('kind').value, times: number('times'), delay_ms: number('delay'),
  ...(byId('path').value ? {path: byId('path').value} : {}), ...(byId('errcode').value ? {errcode: number('errcode')} : {}),
}));
onSubmit('code', () => attempt('生成二维码', '/control/qrcodes', {scene: byId('scene').value, ...(byId('seconds').value ? {seconds: number('seconds')} : {})}));
onSubmit('push', () => attempt('改消息推送的加密', '/control/push', {mode: byId('mode').value}));
onSubmit('whitelist', () => {
  const ips = byId('ips').value.split(/[\s,，]+/).filter(Boolean);
  return attempt('设定白名单', '/control/whitelist', {ips: ips.length ? ips : null});
});
onSubmit('quota', () => attempt('设定额度', '/control/quota', {
  path: byId('interface').value.trim(), daily: number('daily'), ...(byId('per-minute').value ? {per_minute: number('per-minute')} : {}),
}));
onSubmit('filter', sift);
byId('topic').addEventListener('change', sift);
byId('words').addEventListener('input', sift);
byId('clear').addEventListener('click', () => attempt('清除全部故障', '/control/faults', {}, 'DELETE'));
for (const one of document.querySelectorAll('[data-scale]')) {
  one.addEventListener('click', () => {
    byId('scale').value = one.dataset.scale;
    attempt(`倍数 ${one.textContent}`, '/control/time', {scale: Number(one.dataset.scale)});
  });
}
for (const one of document.querySelectorAll('[data-post]')) {
  one.addEventListener('click', () => attempt(one.textContent, one.dataset.post, JSON.parse(one.dataset.body ?? '{}')));
}
fetch('/control/push').then((response) => response.json()).then(({mode}) => (byId('mode').value = mode));
refresh();
setInterval(() => refresh().catch(() => say('本地微信没有应答')), 3000);
