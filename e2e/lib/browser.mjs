// The browser of every test: the system's Chromium, driven by playwright-core.
import fs from 'node:fs';
import { chromium } from 'playwright-core';

const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The switches that keep Chromium quiet and make it start as root. */
export const SWITCHES = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A microphone that beeps, and nobody to ask for it.
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
];

/** The path of Chromium: `$CHROMIUM`, else the first of the usual places that exists. */
export function chromiumPath() {
  const path = process.env.CHROMIUM ?? PROGRAMS.find((candidate) => fs.existsSync(candidate));
  if (!path) throw new Error(`Chromium is not installed; looked at ${PROGRAMS.join(', ')}. Run e2e/install.sh.`);
  return path;
}

/** Starts a headless Chromium with a fresh profile. The caller closes it. */
export function launchBrowser() {
  return chromium.launch({ executablePath: chromiumPath(), headless: true, args: SWITCHES });
}

const troubles = new WeakMap();

/**
 * A new page in its own context (own cookies), speaking Chinese, in Beijing's time.
 *
 * @param browser what `launchBrowser` gave
 * @param options `width`, `height` in CSS pixels; `zoom` 2 shows what 200 % page zoom shows;
 *   `javaScript: false` for the plain page; `geolocation: {latitude, longitude}` in WGS-84 degrees;
 *   `userAgent`; `cookies` as Playwright takes them
 */
export async function newPage(browser, options = {}) {
  const { width = 360, height = 740, zoom = 1, javaScript = true, geolocation, userAgent, cookies } = options;
  const context = await browser.newContext({
    viewport: { width: Math.round(width / zoom), height: Math.round(height / zoom) },
    deviceScaleFactor: zoom,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
    javaScriptEnabled: javaScript,
    geolocation,
    permissions: geolocation ? ['geolocation'] : [],
    userAgent,
  });
  if (cookies) await context.addCookies(cookies);
  const page = await context.newPage();
  // What never comes fails all the same; what is slow is told by the budgets, not by this.
  page.setDefaultTimeout(60_000);
  watch(page);
  return page;
}

/**
 * What went wrong inside the page since it was made: script errors, refused resources (also by the
 * content security policy), requests that failed and answers of 500 and above. A list of sentences.
 */
export function pageTroubles(page) {
  return [...(troubles.get(page) ?? [])];
}

function watch(page) {
  const list = [];
  troubles.set(page, list);
  page.on('pageerror', (error) => list.push(`script error: ${error.message}`));
  page.on('console', (message) => {
    // A refusal (4xx) is an ordinary answer of this product and Chromium logs each as an error.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) list.push(`console: ${message.text()}`);
  });
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    if (why !== 'net::ERR_ABORTED') list.push(`request failed: ${request.url()} ${why}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 500) list.push(`answer ${response.status()}: ${response.url()}`);
  });
}
