// One sheet at the foot of the phone for everything that asks the person: consent, payment, scanning, dialling.
import {byId, make, table} from './dom.js';

const sheet = byId('sheet');
sheet.setAttribute('aria-labelledby', 'sheet-title');
let queue = Promise.resolve();

/**
 * Opens a sheet and waits for a button. `buttons` are [value, label] pairs; the last one is also Escape. With `field`, the
 * button whose value is "field" answers "field:" and what was typed. `content` are elements to show; `until` is a promise
 * that closes the sheet by itself and gives its value. The kind `list` has
 * no button of greater weight.
 */
export function openSheet(options) {
  const answer = queue.then(() => ask(options));
  queue = answer.catch(() => {});
  return answer;
}

function ask({title, body = '', amount = null, rows = [], picture = null, content = [], field = null, buttons, kind = '', until = null}) {
  const before = document.activeElement;
  return new Promise((resolve) => {
    let open = true;
    const finish = (value) => {
      if (!open) return;
      open = false;
      sheet.hidden = true;
      sheet.replaceChildren();
      sheet.removeEventListener('keydown', onKey);
      setInert(false);
      if (before instanceof HTMLElement && before.isConnected) before.focus();
      resolve(value);
    };
    const onKey = (event) => {
      if (event.key === 'Escape') {
        event.stopPropagation();
        if (buttons.length) finish(buttons.at(-1)[0]);
      } else if (event.key === 'Tab') keepInside(event);
    };
    const input = field ? make('input', {id: 'sheet-field', autocomplete: 'off'}) : null;
    const heading = make('h2', {id: 'sheet-title', tabindex: '-1'}, title);
    const choose = (value) => finish(value === 'field' ? `field:${input.value}` : value);
    const box = make('div', {class: `sheet-box ${kind}`}, heading,
      ...(amount ? [make('p', {class: 'amount'}, amount)] : []),
      ...(body ? [make('p', {}, body)] : []),
      ...(picture ? [make('img', {src: picture, alt: '正在预览的图片'})] : []),
      ...content,
      ...(rows.length ? [table(rows)] : []),
      ...(input ? [make('label', {for: 'sheet-field'}, field), input] : []),
      ...(buttons.length ? [make('div', {class: 'choices'}, ...buttons.map(([value, label], at) =>
        make('button', {type: 'button', class: at === 0 && value !== 'close' && kind !== 'list' ? 'primary' : null, onclick: () => choose(value)}, label)))] : []));
    sheet.replaceChildren(box);
    sheet.hidden = false;
    setInert(true);
    sheet.addEventListener('keydown', onKey);
    heading.focus();
    until?.then(finish);
  });
}

/** Behind an open sheet nothing of the phone can be reached; the workbench beside it can, by mouse. */
function setInert(inert) {
  for (const part of sheet.parentElement.children) if (part !== sheet) part.inert = inert;
}

function keepInside(event) {
  const stops = [...sheet.querySelectorAll('button, input, select, a[href]')].filter((one) => one.checkVisibility());
  if (stops.length === 0) return event.preventDefault();
  const [first, last] = [stops[0], stops.at(-1)];
  const at = document.activeElement;
  if (event.shiftKey && (at === first || !stops.includes(at))) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && at === last) {
    event.preventDefault();
    first.focus();
  }
}
