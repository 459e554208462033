// What the phone knows, which view is in front, and what its holder does.
import {announce, byId, post} from './dom.js';
import {openSheet} from './sheet.js';

export const person = document.body.dataset.person;
export const state = {
  seq: 0, thread: 'account', messages: [], letters: [], bills: [], menu: [], qrcodes: [], following: false, place: null,
  account: document.body.dataset.account, name: document.body.dataset.name, code: null,
};

const VIEWS = ['list', 'contacts', 'discover', 'me', 'chat', 'profile', 'bills', 'bill', 'web'];
const TABS = VIEWS.slice(0, 4);
const openers = new Map();

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

/** The view in front. */
export const front = () => VIEWS.find((name) => !byId(name).hidden);

/** Brings a view to the front; the focus goes to its heading. */
export function show(name) {
  if (!byId(name).contains(document.activeElement)) openers.set(name, document.activeElement);
  turnTo(name);
  byId(`${name}-title`).focus();
}

/** Back to a view; the focus returns to what led away from it. */
export function backTo(name) {
  const opener = openers.get(front());
  turnTo(name);
  if (opener?.isConnected && opener.checkVisibility()) opener.focus();
  else byId(`${name}-title`).focus();
}

function turnTo(name) {
  for (const view of VIEWS) byId(view).hidden = view !== name;
  byId('tabs').hidden = !TABS.includes(name);
  for (const tab of byId('tabs').querySelectorAll('button')) {
    if (tab.dataset.view === name) tab.setAttribute('aria-current', 'page');
    else tab.removeAttribute('aria-current');
  }
}

/** A pause; the network is slow only when the switch says so. */
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export const network = () => (state.slow ? pause(4000) : Promise.resolve());
