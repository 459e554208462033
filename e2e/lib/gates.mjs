// The four accessibility gates of every page. Each misses defects that another one sees, so all of them run.
import assert from 'node:assert/strict';
import { AxeBuilder } from '@axe-core/playwright';
import { HtmlValidate } from 'html-validate';
import { pageTroubles } from './browser.mjs';
import { compareGolden } from './golden.mjs';
import { missingPhrases, readAll } from './virtual-reader.mjs';

const AXE_OPTIONS = {
  runOnly: {
    type: 'tag',
    values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  },
  // axe's rules of level AAA; off unless named.
  rules: {
    'color-contrast-enhanced': { enabled: true },
    'identical-links-same-purpose': { enabled: true },
    'meta-refresh-no-exceptions': { enabled: true },
  },
};

const htmlValidate = new HtmlValidate({
  root: true,
  extends: ['html-validate:recommended', 'html-validate:document'],
  rules: {
    // A matter of typing, not of meaning.
    'attribute-boolean-style': 'off',
    'attribute-empty-style': 'off',
    'doctype-style': 'off',
    'no-trailing-whitespace': 'off',
    'void-style': 'off',
    // Its measure (70 letters) is made for Latin script.
    'long-title': 'off',
    // Our own files from our own origin.
    'require-sri': 'off',
    // Safari takes the meaning of a list away where its style has no marks; the role brings it back.
    'no-redundant-role': 'off',
    // Checkboxes of one group share a name.
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'submit', 'button', 'reset'] }],
    // Breaks Chinese telephone numbers in link texts for no gain.
    'tel-non-breaking': 'off',
    'valid-id': ['error', { relaxed: true }],
    // What must be mended stands before everything else, its heading before the title of the page.
    'heading-level': ['error', { minInitialRank: 'h2' }],
  },
});

/**
 * Runs every gate on the page as it stands and throws one error that names all defects found.
 *
 * @param page a Playwright page
 * @param name the name of the golden file, e.g. `desk-now`
 * @param options `phrases`: texts or regular expressions that a screen reader must say, in this order;
 *   `mask`: pairs [RegExp, text] that even out what differs from run to run in the golden file;
 *   `root`: selector of what the golden file shows (default `body`)
 */
export async function assertAccessible(page, name, options = {}) {
  const defects = await inspect(page, name, options);
  assert.equal(defects.length, 0, describe(name, defects));
}

/** Like `assertAccessible`, but gives the defects as a list of `{ gate, words }`. */
export async function inspect(page, name, { phrases = [], mask = [], root = 'body' } = {}) {
  const defects = [];
  const add = (gate, list) => defects.push(...list.map((words) => ({ gate, words })));
  add('page', pageTroubles(page));
  add('axe', await axeDefects(page));
  add('html', await htmlDefects(page));
  add('golden', compareGolden(name, await page.locator(root).ariaSnapshot(), mask));
  add('reader', missingPhrases(await readAll(page), phrases));
  return defects;
}

/** What axe finds: WCAG 2.0–2.2 A and AA, best practice, and its rules of level AAA. */
export async function axeDefects(page) {
  // Tags and rules must go into one call: withTags() after options() forgets the rules.
  const { violations } = await new AxeBuilder({ page }).options(AXE_OPTIONS).analyze();
  return violations.map(({ id, help, nodes }) => {
    const places = nodes.slice(0, 5).map((node) => `${node.target.join(' ')}  ${node.html.slice(0, 140)}`);
    return `${id}: ${help} (${nodes.length} ×)\n      ${places.join('\n      ')}`;
  });
}

/** What html-validate finds in the HTML as the server sends it for the page's address. */
export async function htmlDefects(page) {
  const response = await page.context().request.get(page.url(), { headers: { accept: 'text/html' } });
  return markupDefects(await response.text());
}

/** What html-validate finds in `html`, as sentences with line and column. */
export async function markupDefects(html) {
  const { results } = await htmlValidate.validateString(html);
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line, column, selector }) => `${ruleId}: ${message} (${line}:${column} ${selector ?? ''})`),
  );
}

/** Words for a person who reads the failed test. */
export function describe(name, defects) {
  return [`${name}: ${defects.length} defects`, ...defects.map(({ gate, words }) => `  [${gate}] ${words}`)].join('\n');
}
