// The list of chats, bubbles, cards and the menu bar.
import {byId, hour, icon, make, moment, table} from './dom.js';
import {act, front, person, show, state} from './state.js';
import {openPage} from './webview.js';

/** After so long a silence the time stands between the bubbles. */
const SILENCE_MS = 300_000;
const NAMES = {wechat_pay: '微信支付', service_notice: '服务通知'};
const BADGES = {wechat_pay: ['pay', '付'], service_notice: ['notice', '服']};
const FIXED = ['account', 'wechat_pay'];

/** Who speaks in a chat: the account, WeChat Pay, or a friend by name. */
export function nameOf(thread) {
  if (thread === 'account') return state.account;
  if (!thread.startsWith('friend:')) return NAMES[thread] ?? thread;
  return document.querySelector(`[data-friend="${CSS.escape(thread.slice(7))}"]`)?.dataset.name ?? thread;
}

/** All messages of a chat, with those between friends in the same shape. */
function messagesOf(thread) {
  if (!thread.startsWith('friend:')) return state.messages.filter((message) => message.thread === thread);
  const friend = thread.slice(7);
  return state.letters
    .filter(({from, to}) => from === friend || to === friend)
    .map((letter) => ({...letter, thread, from: letter.from === person ? 'me' : 'friend'}));
}

function threads() {
  const friends = state.letters.map(({from, to}) => `friend:${from === person ? to : from}`);
  return [...new Set([...FIXED, ...state.messages.map((message) => message.thread), ...friends])];
}

const mark = (thread) => `read:${person}:${thread}`;
const readTo = (thread) => Number(localStorage.getItem(mark(thread)) ?? 0);

function unread(thread, messages) {
  // A higher mark than the last number is from before the sandbox was started anew.
  const read = readTo(thread) > state.seq ? 0 : readTo(thread);
  return messages.filter((message) => message.seq > read && message.from !== 'me').length;
}

const rows = new Map();

/** The list of chats: the newest first, with the number of unread messages. */
export function renderList() {
  const all = threads().map((thread) => ({thread, messages: messagesOf(thread)}));
  all.sort((a, b) => (b.messages.at(-1)?.at ?? 0) - (a.messages.at(-1)?.at ?? 0));
  let count = 0;
  for (const {thread, messages} of all) {
    if (!rows.has(thread)) rows.set(thread, row(thread));
    const {last, time, dot} = rows.get(thread);
    const fresh = unread(thread, messages);
    count += fresh;
    last.textContent = messages.length ? summary(messages.at(-1)) : {account: '公众号', wechat_pay: '还没有支付凭证'}[thread] ?? '';
    time.textContent = messages.length ? hour(messages.at(-1).at) : '';
    tell(dot, fresh);
  }
  tell(byId('tabs').querySelector('[data-view=list] .count'), count);
  const [wanted, now] = [all.map(({thread}) => rows.get(thread).item), [...byId('threads').children]];
  if (wanted.length === now.length && wanted.every((item, at) => item === now[at])) return;
  const focused = document.activeElement;
  byId('threads').replaceChildren(...wanted);
  if (byId('threads').contains(focused)) focused.focus();
}

function tell(dot, count) {
  dot.hidden = count === 0;
  dot.replaceChildren(String(count), make('span', {class: 'visually-hidden'}, ' 条未读'));
}

function row(thread) {
  const last = make('span', {id: `${thread}-last`});
  const time = make('span', {class: 'when'});
  const dot = make('span', {class: 'count', hidden: ''});
  const item = make('li', {}, make('button', {type: 'button', id: `open-${thread}`, onclick: () => openThread(thread)},
    badge(thread), make('span', {class: 'lines'}, make('strong', {}, nameOf(thread)), last), time, dot));
  return {item, last, time, dot};
}

function badge(thread) {
  if (thread.startsWith('friend:')) return make('img', {class: 'badge', src: `/phone/avatar/${thread.slice(7)}.svg`, alt: ''});
  const [kind, sign] = BADGES[thread] ?? ['account', state.account.slice(0, 1)];
  return make('span', {class: `badge ${kind}`, 'aria-hidden': 'true'}, sign);
}

/** Opens a chat. */
export function openThread(thread) {
  state.thread = thread;
  renderChat();
  show('chat');
  byId('messages').scrollTop = byId('messages').scrollHeight;
}

const drawn = {thread: null, seq: -1, at: 0};
let composing = false;

/** Whether the field for words stands at the foot, or the account's menu. */
export function compose(open) {
  composing = open;
  renderChat();
  if (open) byId('words').focus();
  else byId('keyboard').focus();
}

/** The chat in front. */
export function renderChat() {
  const {thread} = state;
  const friend = thread.startsWith('friend:');
  const account = thread === 'account';
  const field = friend || composing || state.menu.length === 0;
  byId('chat-title').textContent = nameOf(thread);
  byId('open-profile').hidden = !account;
  byId('follow-bar').hidden = !account || state.following;
  byId('chat-foot').hidden = !friend && !(account && state.following);
  byId('menu-bar').hidden = field;
  byId('compose').hidden = !field;
  byId('to-menu').hidden = friend || state.menu.length === 0;
  byId('plus').hidden = friend;
  if (!field || friend) byId('tools').hidden = true;
  const list = byId('messages');
  if (drawn.thread !== thread) {
    list.replaceChildren();
    Object.assign(drawn, {thread, seq: -1, at: 0});
  }
  const fresh = messagesOf(thread).filter((message) => message.seq > drawn.seq);
  for (const message of fresh) {
    if (message.at - drawn.at > SILENCE_MS) list.append(make('li', {class: 'time'}, make('time', {}, moment(message.at))));
    drawn.at = message.at;
    list.append(bubble(message));
  }
  if (fresh.length > 0) {
    drawn.seq = fresh.at(-1).seq;
    list.scrollTop = list.scrollHeight;
  }
  if (front() === 'chat' && drawn.seq > 0) localStorage.setItem(mark(thread), String(drawn.seq));
}

/** One line that says what a message says. */
export function summary(message) {
  const words = {image: '[图片]', voice: '[语音]', location: `[位置] ${message.text}`, link: `[链接] ${message.title}`}[message.kind];
  return words || message.title || (message.text || '').replace(/<[^>]*>/g, '') || message.articles?.[0]?.title || '新消息';
}

function bubble(message) {
  const author = {me: state.name, account: nameOf(message.thread), friend: nameOf(message.thread), system: '系统'}[message.from];
  const wide = ['card', 'news'].includes(message.kind);
  const item = make('li', {class: `message ${message.from} ${message.kind}`, 'data-seq': String(message.seq)});
  if (message.from !== 'system') item.append(make('span', {class: 'visually-hidden'}, `${author}：`));
  if (message.from !== 'system' && !wide) item.append(message.from === 'me' ? badge(`friend:${person}`) : badge(message.thread));
  item.append(make('div', {class: 'said'}, ...content(message)), make('span', {class: 'visually-hidden'}, `，${hour(message.at)}`));
  return item;
}

function content(message) {
  switch (message.kind) {
    case 'text':
      return [make('p', {class: 'words'}, ...linked(message.text))];
    case 'image':
      return [message.url ? make('img', {src: message.url, alt: message.text, width: '150', height: '112'}) : make('p', {class: 'words'}, '[图片]')];
    case 'voice':
      return [message.url ? voice(message) : make('p', {class: 'words'}, '[语音]')];
    case 'video':
      return [message.url ? make('video', {src: message.url, controls: '', width: '200', 'aria-label': message.title || '视频'}) : make('p', {class: 'words'}, '[视频]')];
    case 'music':
      return [make('div', {class: 'share'}, make('strong', {}, message.title), make('span', {}, message.description || '音乐'),
        make('audio', {src: message.url, controls: '', 'aria-label': message.title || '音乐'}))];
    case 'menu':
      return [make('div', {class: 'words'}, message.head, ...message.answers.map(({id, content: words}) =>
        make('button', {type: 'button', class: 'link answer', onclick: () => act('message', {kind: 'choice', id, text: words})}, words)), message.tail)];
    case 'mini_program':
      return [make('div', {class: 'share'}, make('strong', {}, message.title), make('span', {}, `小程序 ${message.pagepath}`))];
    case 'location':
      return [make('div', {class: 'spot'}, make('strong', {}, message.text),
        make('span', {class: 'map', 'aria-hidden': 'true'}, icon('place')),
        make('span', {class: 'visually-hidden'}, `，位置 ${message.lat.toFixed(4)}，${message.lng.toFixed(4)}`))];
    case 'link':
      return [tappable('share', message.url, [make('strong', {}, message.title), make('span', {}, message.description || message.url),
        ...(message.picture ? [make('img', {src: message.picture, alt: ''})] : [])])];
    case 'news':
      return message.articles.map((article) => tappable('article', article.url, [
        ...(article.picture ? [make('img', {src: article.picture, alt: ''})] : []),
        make('strong', {}, article.title),
        make('span', {}, article.description),
      ]));
    case 'card':
      return [tappable('card', message.url, [
        make('strong', {}, message.title),
        table(message.rows),
        ...(message.url ? [make('span', {class: 'go'}, '查看详情', icon('next'))] : []),
      ])];
    default:
      return [make('p', {class: 'words'}, message.text)];
  }
}

function voice(message) {
  const sound = make('audio', {src: message.url, preload: 'metadata'});
  const length = make('span', {});
  sound.addEventListener('loadedmetadata', () => { length.textContent = ` ${Math.max(1, Math.round(sound.duration))}″`; });
  return make('button', {type: 'button', class: 'words voice', onclick: () => (sound.paused ? sound.play() : sound.pause())},
    icon('voice'), '播放语音', length, sound);
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

/** The account's menu; `tap` gets the button that was tapped. */
export function renderMenu(tap) {
  const now = JSON.stringify(state.menu);
  if (now === drawnMenu) return;
  drawnMenu = now;
  byId('menu').replaceChildren(...state.menu.map((button) => {
    if (button.sub_button.length === 0) return make('li', {}, make('button', {type: 'button', onclick: () => tap(button)}, button.name));
    const fold = (open) => {
      below.hidden = !open;
      opener.setAttribute('aria-expanded', String(open));
    };
    const below = make('ul', {class: 'below', hidden: ''}, ...button.sub_button.map((one) =>
      make('li', {}, make('button', {type: 'button', onclick: () => { fold(false); opener.focus(); tap(one); }}, one.name))));
    const opener = make('button', {type: 'button', 'aria-expanded': 'false', onclick: () => fold(below.hidden)}, icon('menu'), button.name);
    const item = make('li', {}, opener, below);
    item.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || below.hidden) return;
      event.stopPropagation();
      fold(false);
      opener.focus();
    });
    return item;
  }));
}
