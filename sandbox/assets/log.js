// The log of what the program and WeChat say to each other.
import {byId, make} from './dom.js';

/** How many exchanges stand in the list. */
const SHOWN = 200;
const clock = {timeZone: 'Asia/Shanghai', hour12: false};

/** What an exchange is about, in two or three words. */
function topic({what, inbound, note}) {
  const path = what.split(' ')[1]?.replace(/^https?:\/\/[^/]+/, '').split('?')[0] ?? '';
  if (!inbound) return /^[A-Z_]+\.[A-Z_]+ /.test(note) ? '支付通知' : '消息推送';
  if (path.startsWith('/v3/')) return '微信支付';
  if (path.startsWith('/sns/') || path.startsWith('/connect/')) return '网页授权';
  return '公众号接口';
}

/** Adds new exchanges on top of the list. */
export function showTraffic(exchanges) {
  const log = byId('traffic');
  for (const one of exchanges) {
    const arrow = one.inbound ? '程序 → 微信' : '微信 → 程序';
    const time = new Date(one.at).toLocaleTimeString('zh-CN', clock);
    const status = one.status === 0 ? '无应答' : String(one.status);
    const code = one.response.match(/"errcode":\s*(-?[1-9]\d*)/)?.[1] ?? one.response.match(/"code":"([A-Z_]+)"/)?.[1];
    const good = one.status >= 200 && one.status < 400 && !code;
    const item = make('li', {class: one.inbound ? 'in' : 'out', 'data-topic': topic(one)}, make('details', {},
      make('summary', {}, make('span', {class: 'who'}, arrow), make('span', {class: 'topic'}, topic(one)), ` ${one.what.split('?')[0]} `,
        make('span', {class: good ? 'ok' : 'bad'}, code ? `${status} ${code}` : status), ` ${one.millis} ms · ${time}`),
      make('pre', {tabindex: '0', 'aria-label': '内容'}, [one.what, one.note, '', pretty(one.request), '', `← ${status}`, pretty(one.response)].join('\n'))));
    log.prepend(item);
  }
  while (log.children.length > SHOWN) log.lastElementChild.remove();
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
