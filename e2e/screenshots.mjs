// Takes the pictures of all pages of the demo into e2e/out/screenshots. Called by bin/screenshots.
import path from 'node:path';
import { launchBrowser } from './lib/browser.mjs';
import { OUT, startDemo } from './lib/program.mjs';
import { takeScreenshots } from './lib/screenshots.mjs';
import { pagesOf } from './pages.mjs';

const demo = await startDemo();
const browser = await launchBrowser();
try {
  const folder = path.join(OUT, 'screenshots');
  const pages = await pagesOf(browser, demo);
  const { pictures, wide } = await takeScreenshots(browser, demo.url, pages, folder);
  for (const words of wide) console.log(words);
  console.log(`${pictures.length} pictures in ${folder}; open index.html there`);
  process.exitCode = wide.length ? 1 : 0;
} finally {
  await browser.close();
  await demo.stop();
}
