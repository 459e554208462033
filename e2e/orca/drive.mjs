// Orca, the real screen reader, in Chinese, driven with real key presses. One session at a time: two at once on a small
// machine change what is said.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { chromiumPath } from '../lib/browser.mjs';
import { removeFolder, sleep, startChild, temporaryFolder, until } from '../lib/children.mjs';
import { pace, slowness } from '../lib/pace.mjs';
import { overruns } from './budgets.mjs';

// Said by the browser or the reader about themselves, or the echo of the key that was pressed.
const ASIDES = [/^(tab|制表符|左 ?Control ?键|[a-z0-9]|空格|回车|返回键|上|下|左|右)$/i, /^屏幕阅读器启用/, /^This dialog is not currently focused/, /^Translate/];
const QUIET_MS = 400;
// While a page is read from its top there are longer gaps: the tree of a fresh page is still being built.
const QUIET_AFTER_LOADING_MS = 1_200;
// What Orca says of a page by itself: people switch that off or press on.
const OF_THE_PAGE = /^(正在载入，请稍候。|有 \d+ 个界标.*页。)$/;
// Mandarin at the rate of an unhurried blind listener. The silent voice takes no time, a person does.
const CHARACTERS_PER_SECOND = 6;

/**
 * Starts screen, Orca and Chromium showing `url`. About 6 s. The caller awaits `stop()`.
 *
 * @returns an `Orca`
 */
export async function startOrca(url) {
  const folder = temporaryFolder('orca');
  const script = path.join(import.meta.dirname, 'session.sh');
  const session = startChild('dbus-run-session', ['--', 'bash', script, folder, url], {
    stdin: 'pipe',
    env: { CHROMIUM: chromiumPath() },
  });
  const clean = async () => {
    await session.stop();
    removeFolder(folder);
  };
  try {
    const [, display, port] = await session.waitFor(/^ready (:\d+) (\d+)$/m, 60_000);
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    const page = await until(() => browser.contexts()[0].pages().find((p) => p.url() !== 'about:blank'), 10_000,
      `Chromium did not open ${url}`);
    const stop = async () => {
      const control = await browser.newBrowserCDPSession();
      await control.send('Browser.close').catch(() => {});
      await clean();
    };
    const orca = new Orca({ page, display, log: path.join(folder, 'speech.jsonl'), stop });
    await orca.loaded(url);
    return orca;
  } catch (error) {
    await clean();
    throw error;
  }
}

/** A running session. `page` is the Playwright page, for looking and for cookies; never press keys through it. */
export class Orca {
  #log;
  #display;
  #from = 0;
  #silenced = new Set();

  constructor({ page, display, log, stop }) {
    this.page = page;
    this.#display = display;
    this.#log = log;
    this.stop = stop;
  }

  /** Shows another address and waits until Orca has finished with it. */
  async open(url) {
    this.forget();
    await this.page.goto(url);
    await this.loaded(url);
  }

  /** Waits until Orca has read the page that was just opened. */
  async loaded(url) {
    await until(() => this.utterances().length > 0, 15_000, () => `Orca said nothing about ${url}`);
    // Between "loading" and "loaded" there can be a long silence on a busy machine.
    await this.waitSpoken(/^载入 .*完成/, 5_000).catch(() => {});
    await this.settle(QUIET_AFTER_LOADING_MS, 15_000);
  }

  /** Presses real keys one after the other, in xdotool's names (`Tab`, `Return`, `ctrl+Home`, `h`), awaiting the speech. */
  async key(...names) {
    for (const name of names) await this.#send('key', '--clearmodifiers', name);
  }

  /** Types text of ASCII characters (a telephone number, a code). */
  async type(text) {
    await this.#send('type', '--delay', '30', text);
  }

  /** The words said since the session started or `forget()`, without asides. */
  spoken() {
    return this.utterances().map(({ words }) => words);
  }

  /** Like `spoken()`, with the time of each in milliseconds since 1970: `{ at, words }`. */
  utterances() {
    const heard = ({ words }, index) => words && index >= this.#from && !this.#silenced.has(index) && !aside(words);
    return this.#all().filter(heard);
  }

  /** Starts a new count: what was said before is no longer in `spoken()`. */
  forget() {
    this.#from = this.#all().length;
  }

  /** Waits until something that matches has been said since `forget()`; gives `{ at, words }`. */
  waitSpoken(pattern, ms = 5_000) {
    return until(() => this.utterances().find(({ words }) => pattern.test(words)), ms,
      () => `Orca did not say ${pattern} in ${ms} ms. It said: ${this.spoken().join(' | ') || 'nothing'}`, 30);
  }

  /** Waits until nothing was said for `quiet` ms, at most `most` ms. */
  async settle(quiet = QUIET_MS, most = 5_000) {
    const end = Date.now() + most * slowness();
    let count = -1;
    let since = Date.now();
    while (Date.now() < end) {
      const now = this.#all().length;
      if (now !== count) [count, since] = [now, Date.now()];
      else if (Date.now() - since >= quiet * slowness()) return;
      await sleep(40);
    }
  }

  /** Begins a task whose cost is counted against `budget` (see budgets.mjs). */
  task(budget) {
    return new Task(this, budget);
  }

  async #send(...command) {
    const before = this.#all().length;
    execFileSync('xdotool', command, { env: { ...process.env, DISPLAY: this.#display } });
    // Every key is answered, at least by its echo; a busy machine may take longer than the quiet that ends a step.
    await until(() => this.#all().length > before, 2_000, '').catch(() => {});
    await this.settle();
    // A key silences what was still being read, and its echo is the first that is heard after it.
    const echo = this.#all().findIndex(({ words }, index) => index >= before && aside(words));
    for (let index = before; index < echo; index++) this.#silenced.add(index);
  }

  #all() {
    // The last line may still be on its way.
    return fs.readFileSync(this.#log, 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line));
  }
}

const aside = (words) => ASIDES.some((pattern) => pattern.test(words));

/** One task with its cost: key presses, characters spoken before the answer, seconds. */
export class Task {
  keys = 0;
  #typed = 0;
  #waited = 0;
  #heard = 0;
  #orca;

  constructor(orca, budget) {
    this.#orca = orca;
    this.budget = budget;
    orca.forget();
  }

  /**
   * Opens the page the task starts on. Of what is read on loading, a person hears the title before the first key. News of
   * an order that comes in between are no part of the task.
   */
  async open(url) {
    await this.#orca.open(url);
    const title = await this.#orca.page.title();
    const spoken = this.#orca.spoken();
    const first = spoken.find((words) => words.includes(title)) ?? spoken[0] ?? '';
    this.#heard += length(first);
    this.#trace('open', [first]);
    this.#orca.forget();
  }

  /** Presses keys; each counts. */
  async key(...names) {
    for (const name of names) {
      this.keys += 1;
      await this.#step(() => this.#orca.key(name));
    }
  }

  /** Presses keys of which the last leads to another page; as on opening one, its title is heard before the next key. */
  async follow(...names) {
    await this.key(...names.slice(0, -1));
    const before = this.#orca.spoken();
    await this.key(names.at(-1));
    await this.#orca.loaded('the page that was followed');
    const title = this.#orca.spoken()[before.length] ?? '';
    this.#heard += [...before, title].reduce((sum, words) => sum + length(words), 0);
    this.#trace('follow', [...before, title]);
    this.#orca.forget();
  }

  /** Types what the task makes a person enter. It takes time and does not count as keys. */
  async type(text) {
    this.#typed += text.length;
    await this.#step(() => this.#orca.type(text));
  }

  /** Presses `name` until what is said matches; throws with what was said after `most` presses. */
  async keyUntil(name, pattern, most = 20) {
    const said = [];
    for (let press = 0; press < most; press++) {
      const from = this.#orca.spoken().length;
      await this.key(name);
      const words = this.#orca.spoken().slice(from);
      if (words.some((text) => pattern.test(text))) return;
      said.push(words.join(' / '));
    }
    throw new Error(`${most} × ${name} did not reach ${pattern}. Orca said: ${said.join(' | ')}`);
  }

  /**
   * Waits for the answer and closes the count.
   *
   * @returns `{ budget, cost: { keys, characters, seconds }, words, over }`; seconds are the program's own time, plus
   *   the time to listen to the characters at 6 a second, plus 0.3 s for each key; `over` lists what is over budget
   */
  async answer(pattern, ms = 5_000) {
    const asked = Date.now();
    const slower = pace();
    const { at, words } = await this.#orca.waitSpoken(pattern, ms);
    this.#waited += Math.max(0, at - asked) / slower();
    const before = this.#orca.utterances();
    const index = before.findIndex((utterance) => utterance.at === at && utterance.words === words);
    const listened = before.slice(0, index).filter((utterance) => !OF_THE_PAGE.test(utterance.words));
    const characters = this.#heard + listened.reduce((sum, utterance) => sum + length(utterance.words), 0);
    const seconds = this.#waited / 1000 + characters / CHARACTERS_PER_SECOND + 0.3 * (this.keys + this.#typed);
    const cost = { keys: this.keys, characters, seconds: Math.round(seconds * 10) / 10 };
    this.#trace('answer', listened.map((utterance) => utterance.words));
    return { budget: this.budget, cost, words, over: overruns(cost, this.budget) };
  }

  /** With TUINA_ORCA_TRACE set, prints what a person sat through, and how long each was. */
  #trace(step, said) {
    if (process.env.TUINA_ORCA_TRACE) {
      console.log(`${this.budget.task}, ${step}: ${said.map((words) => `${words} (${length(words)})`).join(' | ')}`);
    }
  }

  async #step(press) {
    const started = Date.now();
    const slower = pace();
    await press();
    // The quiet that ends a step is the harness's own; a person presses on. Nor is time the program's that the host took.
    this.#waited += Math.max(0, Date.now() - started - QUIET_MS * slowness()) / slower();
  }
}

/** The characters a listener has to sit through: everything but spaces and marks. */
function length(words) {
  return [...words.replace(/[\s\p{P}]/gu, '')].length;
}
