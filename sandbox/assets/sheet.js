// One sheet at the foot of the phone for everything that asks the person: consent, payment, scanning, dialling.
import {make} from './chat.js';

const sheet = document.getElementById('sheet');
const views = ['list', 'chat', 'web'].map((id) => document.getElementById(id));
let queue = Promise.resolve();

/**
 * Opens a sheet and waits for a button. `buttons` are [value, label] pairs; the last one is also Escape.
 * With `field`, the button whose value is "field" answers "field:" and what was typed.
 */
export function openSheet(options) {
  const answer = queue.then(() => ask(options));
  queue = answer.catch(() => {});
  return answer;
}

function ask({title, body = '', amount = null, rows = [], picture = null, field = null, buttons, kind = ''}) {
  const before = document.activeElement;
  return new Promise((resolve) => {
    const finish = (value) => {
      sheet.hidden = true;
      sheet.replaceChildren();
      sheet.removeEventListener('keydown', onKey);
      for (const view of views) view.inert = false;
      if (before instanceof HTMLElement) before.focus();
      resolve(value);
    };
    const onKey = (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      finish(buttons.at(-1)[0]);
    };
    const input = field ? make('input', {id: 'sheet-field', autocomplete: 'off'}) : null;
    const heading = make('h2', {id: 'sheet-title', tabindex: '-1'}, title);
    const choose = (value) => finish(value === 'field' ? `field:${input.value}` : value);
    const box = make('div', {class: `sheet-box ${kind}`}, heading,
      ...(amount ? [make('p', {class: 'amount'}, amount)] : []),
      ...(body ? [make('p', {}, body)] : []),
      ...(picture ? [make('img', {src: picture, alt: '正在预览的图片'})] : []),
      ...(rows.length ? [make('dl', {}, ...rows.flatMap(([label, value]) => [make('dt', {}, label), make('dd', {}, value)]))] : []),
      ...(input ? [make('label', {for: 'sheet-field'}, field), input] : []),
      make('div', {class: 'choices'}, ...buttons.map(([value, label], at) =>
        make('button', {type: 'button', class: at === 0 ? 'primary' : null, onclick: () => choose(value)}, label))));
    sheet.replaceChildren(box);
    sheet.hidden = false;
    for (const view of views) view.inert = true;
    sheet.addEventListener('keydown', onKey);
    heading.focus();
  });
}
