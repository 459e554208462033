// Elements, words for screen readers, and calls to the sandbox.

export const byId = (id) => document.getElementById(id);

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

/** One of the pictures that the page brings along. */
export function icon(name) {
  const space = 'http://www.w3.org/2000/svg';
  const picture = document.createElementNS(space, 'svg');
  picture.setAttribute('class', 'icon');
  picture.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(space, 'use');
  use.setAttribute('href', `#i-${name}`);
  picture.append(use);
  return picture;
}

/** A list of label and value. */
export const table = (rows) =>
  make('dl', {}, ...rows.flatMap(([label, value]) => [make('dt', {}, label), make('dd', {}, value)]));

/** Words for a screen reader, and nothing else. The same words twice are said twice. */
export function announce(words) {
  const live = byId('live');
  live.textContent = live.textContent === words ? `${words}\u00a0` : words;
}

/** Posts JSON; an error of the sandbox is thrown with its words. */
export async function post(path, body = {}, method = 'POST') {
  const response = await fetch(path, {method, headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)});
  const result = await response.json();
  if (!response.ok) throw new Error(result.error || `HTTP ${response.status}`);
  return result;
}

/** Fen as people read them. */
export const yuan = (fen) => `¥${(fen / 100).toFixed(2)}`;

const clock = {timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', hour12: false};

/** The time of day in Beijing. */
export const hour = (ms) => new Date(ms).toLocaleTimeString('zh-CN', clock);

/** Day and time in Beijing. */
export const moment = (ms) =>
  new Date(ms).toLocaleString('zh-CN', {...clock, month: 'long', day: 'numeric'});
