// A person's phone: the page of the local WeChat, driven the way a person drives it.
import { newPage } from './browser.mjs';
import { until } from './children.mjs';

const WAIT_MS = 60_000;

/**
 * Opens the phone of `person` in a browser profile of its own.
 *
 * @param demo what `startDemo` gave (its `sandboxUrl` is used)
 * @param person an id of the sandbox: zhangli, wangjianguo, liu or chenchen
 * @returns a `Phone`
 */
export async function openPhone(browser, demo, person) {
  // Wide and tall enough that the whole phone is in view beside its log.
  const page = await newPage(browser, { width: 1280, height: 1000 });
  await page.goto(`${demo.sandboxUrl}/phone?person=${person}`);
  // The first news say whether the person follows.
  await page.locator('#account-last').waitFor();
  await page.waitForFunction(() => document.getElementById('lat').value !== '');
  return new Phone(page, demo, person);
}

/** A phone in somebody's hand. `page` is the Playwright page around it. */
export class Phone {
  constructor(page, demo, person) {
    this.page = page;
    this.demo = demo;
    this.person = person;
  }

  /** The account's page that is open on the phone, as a Playwright frame locator. */
  get web() {
    return this.page.frameLocator('iframe[name=webview]');
  }

  /** The address of the account's page that is open, as a URL; `null` when none is. */
  address() {
    const frame = this.page.frame({ name: 'webview' });
    return frame?.url().startsWith('http') ? new URL(frame.url()) : null;
  }

  /** Waits until the page on the phone has an address whose path matches, and is loaded; gives the URL. */
  async at(path, ms = WAIT_MS) {
    const url = await until(
      () => {
        const now = this.address();
        return now?.origin === this.demo.url && path.test(now.pathname) ? now : null;
      },
      ms,
      () => `The phone does not come to ${path}; it is at ${this.address() ?? 'no page'}`,
    );
    await this.page.frame({ name: 'webview' }).waitForLoadState('load');
    return url;
  }

  /** Opens the chat with the official account. */
  async openAccount() {
    if (await this.page.locator('#web').isVisible()) await this.closePage();
    // A chat without the account's sheet of facts is another one's.
    if ((await this.page.locator('#chat').isVisible()) && !(await this.page.locator('#open-profile').isVisible())) {
      await this.page.locator('#chat-back').click();
    }
    if (await this.page.locator('#list').isVisible()) await this.page.locator('#open-account').click();
    await this.page.locator('#chat').waitFor();
    if (await this.page.locator('#to-menu').isVisible()) await this.page.locator('#to-menu').click();
  }

  /** Follows the official account; whoever follows it already stays so. */
  async follow() {
    await this.openAccount();
    if (await this.page.locator('#follow-bar').isVisible()) await this.page.getByRole('button', { name: '关注公众号' }).click();
    await this.page.locator('#menu button').first().waitFor();
  }

  /** Taps a button of the account's menu bar. */
  async tapMenu(name) {
    await this.openAccount();
    await this.page.locator('#menu').getByRole('button', { name, exact: true }).click();
  }

  /** The newest message whose words match, once it is there, as a locator. */
  async message(words, ms = WAIT_MS) {
    await this.openAccount();
    const message = this.page.locator('#messages li.message').filter({ hasText: words }).last();
    await message.waitFor({ timeout: ms });
    return message;
  }

  /** Waits for a card whose words match and opens its page. */
  async openCard(words, ms = WAIT_MS) {
    const card = await this.message(words, ms);
    await card.getByRole('button').first().click();
    await this.page.locator('#web').waitFor();
  }

  /** Answers the question that the phone shows (允许, 拒绝, 支付, 余额不足, 取消 …). */
  async answer(button) {
    const sheet = this.page.getByRole('dialog');
    await sheet.waitFor();
    await sheet.getByRole('button', { name: button, exact: true }).click();
  }

  /** What the open question says. */
  async question() {
    const sheet = this.page.getByRole('dialog');
    await sheet.waitFor();
    return sheet.innerText();
  }

  /** What the page's JS-SDK call ends with: its result, whichever callback it comes by. */
  sdk(name, params = {}) {
    const call = ([called, given]) =>
      new Promise((resolve) => globalThis.wx[called]({ ...given, success: resolve, fail: resolve, cancel: resolve }));
    return this.page.frame({ name: 'webview' }).evaluate(call, [name, params]);
  }

  /** Sends the page that is open to a friend by name. */
  async sendToFriend(name) {
    await this.page.locator('#web-more').click();
    await this.answer('发送给朋友');
    await this.answer(name);
    await this.answer('发送');
    await this.page.locator('#sheet').waitFor({ state: 'hidden' });
  }

  /** Opens the chat with a friend by name, from the contacts. */
  async openFriend(name) {
    if (await this.page.locator('#web').isVisible()) await this.closePage();
    if (await this.page.locator('#chat').isVisible()) await this.page.locator('#chat-back').click();
    await this.page.getByRole('button', { name: '通讯录' }).click();
    await this.page.locator('#contacts').getByRole('button', { name, exact: true }).click();
  }

  /** Closes the account's page. */
  async closePage() {
    await this.page.getByRole('button', { name: '关闭网页' }).click();
  }

  /** Moves the person to a subway station, or to `{ lat, lng }` in WGS-84 degrees. */
  async stand(place) {
    await control(this.demo, `people/${this.person}/place`, typeof place === 'string' ? { station: place } : place);
  }

  /** Closes the browser profile. */
  close() {
    return this.page.context().close();
  }
}

/**
 * Calls the control desk of the local WeChat: `control(demo, 'faults', { kind: 'notice_lost', times: 1 })`; without a
 * body it reads.
 */
export async function control(demo, path, body) {
  const answer = await fetch(`${demo.sandboxUrl}/control/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`/control/${path} answers ${answer.status}: ${text}`);
  return JSON.parse(text);
}

/** Turns the clock of the program and of the local WeChat forward. */
export const turnClock = (demo, minutes) => control(demo, 'time', { forward_minutes: minutes });
