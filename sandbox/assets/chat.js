// Bubbles, cards and the menu bar.
import {openPage} from './webview.js';

const byId = (id) => document.getElementById(id);

/** An element with attributes and children; strings become text, so nothing that arrives is ever markup. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'onclick') element.addEventListener('click', value);
    else if (value !== null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

const drawn = {thread: null, seq: -1};

export function renderChat(state) {
  const pay = state.thread === 'wechat_pay';
  byId('chat-title').textContent = pay ? '微信支付' : state.account || byId('chat-title').textContent;
  byId('follow-bar').hidden = pay || state.following;
  byId('chat-foot').hidden = pay || !state.following;
  byId('unfollow').hidden = pay || !state.following;
  lastLine(state, 'account', '公众号');
  lastLine(state, 'wechat_pay', '还没有支付凭证');
  const list = byId('messages');
  if (drawn.thread !== state.thread) {
    list.replaceChildren();
    drawn.thread = state.thread;
    drawn.seq = -1;
  }
  const fresh = state.messages.filter((message) => message.thread === state.thread && message.seq > drawn.seq);
  for (const message of fresh) list.append(bubble(message, state));
  if (fresh.length > 0) {
    drawn.seq = fresh.at(-1).seq;
    list.scrollTop = list.scrollHeight;
  }
}

function lastLine(state, thread, otherwise) {
  const last = state.messages.filter((message) => message.thread === thread).at(-1);
  byId(`${thread}-last`).textContent = last ? summary(last) : otherwise;
}

/** One line that says what a message says. */
export function summary(message) {
  return message.title || (message.text || '').replace(/<[^>]*>/g, '') || message.articles?.[0]?.title || '新消息';
}

function bubble(message, state) {
  const author = {me: state.name, account: message.thread === 'wechat_pay' ? '微信支付' : state.account, system: '系统'}[message.from];
  const item = make('li', {class: `message ${message.from} ${message.kind}`, 'data-seq': String(message.seq)});
  if (message.from !== 'system') item.append(make('span', {class: 'visually-hidden'}, `${author}：`));
  item.append(...content(message));
  const at = new Date(message.at);
  item.append(make('time', {datetime: at.toISOString()}, at.toLocaleTimeString('zh-CN', {hour: '2-digit', minute: '2-digit'})));
  return item;
}

function content(message) {
  switch (message.kind) {
    case 'text':
      return [make('p', {class: 'words'}, ...linked(message.text))];
    case 'image':
      return message.url ? [make('img', {src: message.url, alt: message.text, width: '160', height: '120'})] : [make('p', {class: 'words'}, '[图片]')];
    case 'location':
      return [make('p', {class: 'words'}, `位置：${message.text}（${message.lat.toFixed(4)}，${message.lng.toFixed(4)}）`)];
    case 'news':
      return message.articles.map((article) => tappable('article', article.url, [
        ...(article.picture ? [make('img', {src: article.picture, alt: ''})] : []),
        make('strong', {}, article.title),
        make('span', {}, article.description),
      ]));
    case 'card':
      return [tappable('card', message.url, [
        make('strong', {}, message.title),
        make('dl', {}, ...message.rows.flatMap(([label, value]) => [make('dt', {}, label), make('dd', {}, value)])),
        ...(message.url ? [make('span', {class: 'more'}, '查看详情')] : []),
      ])];
    default:
      return [make('p', {class: 'words'}, message.text)];
  }
}

/** A card that opens its page, or just stands there. A dl may not be inside a button, so the card is a div with one. */
function tappable(kind, url, children) {
  const box = make('div', {class: kind}, ...children);
  if (!url) return box;
  const title = box.querySelector('strong');
  title.replaceWith(make('button', {type: 'button', class: 'cover', onclick: () => openPage(url)}, title.textContent));
  return box;
}

/** Text with `<a href="…">…</a>`, the one piece of markup that WeChat knows in texts, and bare addresses. */
function linked(text) {
  const parts = [];
  const pattern = /<a\s[^>]*?href\s*=\s*["']([^"']+)["'][^>]*>(.*?)<\/a>|(https?:\/\/[^\s<>"'）】，。]+)/gis;
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    parts.push(text.slice(end, match.index));
    const url = (match[1] || match[3]).replaceAll('&amp;', '&');
    const label = match[2] || match[3];
    if (/^https?:\/\//.test(url)) parts.push(make('button', {type: 'button', class: 'link', onclick: () => openPage(url)}, label));
    else parts.push(label);
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  return parts;
}

let drawnMenu = '';

export function renderMenu(state, tap) {
  const now = JSON.stringify(state.menu);
  if (now === drawnMenu) return;
  drawnMenu = now;
  byId('menu').replaceChildren(...state.menu.map((button) => {
    if (button.sub_button.length === 0) return make('li', {}, make('button', {type: 'button', onclick: () => tap(button)}, button.name));
    const below = make('ul', {class: 'below', hidden: ''}, ...button.sub_button.map((one) =>
      make('li', {}, make('button', {type: 'button', onclick: () => { below.hidden = true; opener.setAttribute('aria-expanded', 'false'); tap(one); }}, one.name))));
    const opener = make('button', {type: 'button', 'aria-expanded': 'false', onclick: () => {
      below.hidden = !below.hidden;
      opener.setAttribute('aria-expanded', String(!below.hidden));
    }}, `≡ ${button.name}`);
    return make('li', {}, opener, below);
  }));
}
