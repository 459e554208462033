// Pictures of pages for a person to look at: narrow and wide, every theme, and at 200 %.
import fs from 'node:fs';
import path from 'node:path';
import { newPage } from './browser.mjs';

const WIDTHS = [360, 1280];
const THEMES = ['light', 'dark', 'contrast'];

/**
 * Takes a picture of the whole of each page, for each width and theme, and one more per width at 200 % in the light
 * theme: by text size at 360 px, by page zoom at 1280 px. Writes `index.html` with all of them.
 *
 * @param pages `{ name, path, cookies?, prepare?(page) }`
 * @param folder where the pictures go; emptied first
 * @returns `{ pictures, wide }`: the file names, and sentences about pages that scroll sideways
 */
export async function takeScreenshots(browser, baseUrl, pages, folder) {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  const pictures = [];
  const wide = [];
  for (const entry of pages) {
    for (const width of WIDTHS) {
      const looks = [...THEMES.map((theme) => ({ theme, scale: 1 })), { theme: 'light', scale: 2 }];
      for (const look of looks) {
        const file = `${entry.name}-${width}-${look.scale === 2 ? '200-percent' : look.theme}.png`;
        const overflow = await takeOne(browser, baseUrl, entry, { width, ...look, file: path.join(folder, file) });
        if (overflow > 0) wide.push(`${file} scrolls sideways by ${overflow} px`);
        pictures.push(file);
      }
    }
  }
  fs.writeFileSync(path.join(folder, 'index.html'), contactSheet(pictures));
  return { pictures, wide };
}

async function takeOne(browser, baseUrl, entry, { width, theme, scale, file }) {
  const zoom = width > 600 ? scale : 1;
  const page = await newPage(browser, { width, height: width > 600 ? 900 : 740, zoom, cookies: entry.cookies });
  try {
    await page.goto(new URL(entry.path, baseUrl).href);
    await entry.prepare?.(page);
    await page.evaluate(
      ([wantedTheme, size]) => {
        document.documentElement.dataset.theme = wantedTheme;
        if (size) document.documentElement.dataset.size = size;
      },
      [theme, scale === 2 && zoom === 1 ? '200' : ''],
    );
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: file, fullPage: true, animations: 'disabled', caret: 'hide' });
    return await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  } finally {
    await page.context().close();
  }
}

function contactSheet(pictures) {
  const figures = pictures.map((file) => `<figure><img src="${file}" alt="" loading="lazy"><figcaption>${file}</figcaption></figure>`);
  return `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>${pictures.length} pictures</title>
<style>body{display:flex;flex-wrap:wrap;gap:16px;font:14px sans-serif}figure{margin:0;width:300px}img{width:100%;border:1px solid #888}</style>
${figures.join('\n')}\n`;
}
