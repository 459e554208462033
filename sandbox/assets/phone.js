// The phone: what is new, and what its buttons do.
import {compose, nameOf, openThread, renderChat, renderList, renderMenu, summary} from './chat.js';
import {renderBills, startBills} from './bills.js';
import {announce, byId, hour} from './dom.js';
import {showTraffic} from './log.js';
import {follow, scan, scanAndGo} from './scan.js';
import {openSheet} from './sheet.js';
import {act, backTo, front, pause, person, show, state} from './state.js';
import {startCompose} from './compose.js';
import {closePage, openPage, startWebview} from './webview.js';

let announced = null;

function take(news) {
  // Smaller numbers mean that the sandbox was started anew and knows nothing of what stands here.
  if (news.seq < state.seq) return location.reload();
  const first = state.seq === 0;
  const fresh = [...news.messages, ...news.letters.map((letter) => ({...letter, thread: `friend:${letter.from}`, from: letter.from === person ? 'me' : 'friend'}))]
    .filter((message) => message.seq > state.seq && message.from !== 'me')
    .sort((a, b) => a.seq - b.seq);
  const moved = JSON.stringify(state.place) !== JSON.stringify(news.place);
  const {location_allowed: locationAllowed, account_code: accountCode, traffic, ...rest} = news;
  Object.assign(state, rest, {locationAllowed, accountCode, ahead: news.now - Date.now()});
  renderChat();
  renderList();
  renderMenu(tapMenu);
  renderBills();
  renderProfile();
  showTraffic(traffic);
  if (moved) {
    byId('lat').value = state.place.lat.toFixed(5);
    byId('lng').value = state.place.lng.toFixed(5);
  }
  tick();
  const last = fresh.at(-1);
  if (!first && last && last.seq !== announced) {
    announced = last.seq;
    announce(`${nameOf(last.thread)}：${summary(last)}`);
  }
}

function renderProfile() {
  byId('profile-follow').hidden = state.following;
  byId('unfollow').hidden = !state.following;
  byId('allow-place').checked = state.locationAllowed;
  byId('slow').checked = state.slow;
  byId('net').textContent = state.slow ? 'E' : '5G';
}

async function listen() {
  for (;;) {
    try {
      const response = await fetch(`/phone/state?person=${person}&after=${state.seq}`);
      take(await response.json());
    } catch {
      announce('本地微信没有应答，稍后再试');
      await pause(2000);
    }
  }
}

async function tapMenu(button) {
  const scans = button.type.startsWith('scancode_');
  const scanned = scans ? await scan() : null;
  if (scans && scanned === null) return;
  const result = await act('menu', {name: button.name, key: button.key, url: button.url, scanned});
  if (result?.open) openPage(result.open);
}

async function unfollow() {
  const answer = await openSheet({
    title: '不再关注该公众号？',
    body: '取消后收不到它的消息。',
    buttons: [['yes', '不再关注'], ['no', '取消']],
  });
  if (answer === 'yes' && (await act('unfollow'))) backTo('chat');
}

async function openAddress() {
  const answer = await openSheet({title: '打开网址', field: '网址', buttons: [['field', '打开'], ['cancel', '取消']]});
  const url = answer.startsWith('field:') ? answer.slice(6).trim() : '';
  if (/^https?:\/\//.test(url)) openPage(url);
  else if (url) await openSheet({title: '打不开', body: '网址以 http:// 或 https:// 开头。', buttons: [['close', '知道了']]});
}

function startNavigation() {
  for (const tab of byId('tabs').querySelectorAll('button')) tab.addEventListener('click', () => show(tab.dataset.view));
  byId('scan').addEventListener('click', scanAndGo);
  byId('discover-scan').addEventListener('click', scanAndGo);
  byId('discover-open').addEventListener('click', openAddress);
  byId('contact-account').addEventListener('click', () => openThread('account'));
  for (const friend of document.querySelectorAll('[data-friend]')) {
    friend.addEventListener('click', () => openThread(`friend:${friend.dataset.friend}`));
  }
  byId('chat-back').addEventListener('click', leaveChat);
  byId('open-profile').addEventListener('click', () => show('profile'));
  byId('profile-back').addEventListener('click', () => backTo('chat'));
  byId('keyboard').addEventListener('click', () => compose(true));
  byId('to-menu').addEventListener('click', () => compose(false));
  for (const id of ['follow', 'profile-follow']) byId(id).addEventListener('click', followHere);
  byId('unfollow').addEventListener('click', unfollow);
  byId('allow-place').addEventListener('change', (event) => act('location-consent', {allowed: event.currentTarget.checked}));
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !byId('sheet').hidden) return;
    const leave = {web: closePage, chat: leaveChat, profile: () => backTo('chat'), bills: () => backTo('me'), bill: () => backTo('bills')}[front()];
    leave?.();
  });
}

/** Following takes its own button away; the focus must not go with it. */
async function followHere() {
  byId(`${front()}-title`).focus();
  await follow();
}

function leaveChat() {
  backTo('list');
  renderList();
}

function startWorkbench() {
  byId('person').addEventListener('change', (event) => event.currentTarget.form.submit());
  byId('station').addEventListener('change', (event) => {
    if (event.currentTarget.value) act('place', {station: event.currentTarget.value});
  });
  byId('place-form').addEventListener('submit', (event) => {
    event.preventDefault();
    byId('station').value = '';
    act('place', {lat: Number(byId('lat').value), lng: Number(byId('lng').value)});
  });
}

function tick() {
  byId('clock').textContent = hour(Date.now() + (state.ahead ?? 0));
}

startNavigation();
startWorkbench();
startCompose();
startBills();
startWebview();
setInterval(tick, 10_000);
const wanted = new URLSearchParams(location.search).get('open');
if (wanted && /^https?:\/\//.test(wanted)) openPage(wanted);
listen();
