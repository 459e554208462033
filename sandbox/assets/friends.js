// Friends: whom a page can be sent to.
import {announce, make} from './dom.js';
import {openSheet} from './sheet.js';
import {act} from './state.js';

const friends = () => [...document.querySelectorAll('[data-friend]')].map(({dataset}) => [dataset.friend, dataset.name]);

/** Sends a page as a card to a friend whom the person chooses; whether it was sent. */
export async function sendToFriend({title, desc, link, imgUrl}) {
  const to = await openSheet({kind: 'list', title: '发送给谁', buttons: [...friends().map(([id, name]) => [id, name]), ['', '取消']]});
  if (!to) return false;
  const name = friends().find(([id]) => id === to)[1];
  const card = make('div', {class: 'share'}, make('strong', {}, title || link), make('span', {}, desc || link),
    ...(imgUrl ? [make('img', {src: imgUrl, alt: ''})] : []));
  const answer = await openSheet({title: `发送给${name}`, content: [card], buttons: [['send', '发送'], ['cancel', '取消']]});
  if (answer !== 'send' || !(await act('letters', {to, title, desc, link, imgUrl: imgUrl || ''}))) return false;
  announce(`已发送给${name}`);
  return true;
}
