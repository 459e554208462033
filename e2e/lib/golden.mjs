// Golden files: what a page is to assistive technology, kept in the repository and compared on every run.
import fs from 'node:fs';
import path from 'node:path';

const FOLDER = path.resolve(import.meta.dirname, '../golden');

/** Whether this run writes golden files instead of comparing (`e2e/run.sh --update`). */
export const updating = () => process.env.TUINA_UPDATE_GOLDEN === '1';

/**
 * Compares `text` with `golden/<name>.txt`.
 *
 * @param mask pairs [RegExp, text] applied to `text` first; identifiers in addresses are always evened out
 * @returns a list with the differences in words; empty when they are equal
 */
export function compareGolden(name, text, mask = []) {
  const file = path.join(FOLDER, `${name}.txt`);
  const seen = `${even(text, mask)}\n`;
  if (updating()) {
    fs.mkdirSync(FOLDER, { recursive: true });
    fs.writeFileSync(file, seen);
    return [];
  }
  if (!fs.existsSync(file)) {
    return [`golden/${name}.txt is not there. If what follows is right, write it with --update:\n${seen}`];
  }
  const wanted = fs.readFileSync(file, 'utf8');
  return wanted === seen ? [] : [`golden/${name}.txt differs (- golden, + page):\n${difference(wanted, seen)}`];
}

function even(text, mask) {
  let result = text.replace(/^(\s*- \/url: ).*$/gm, (line) => line.replace(/\b(?=[a-z]*\d)[0-9a-z]{13}\b|\d{6,}/g, 'N').replace(/127\.0\.0\.1:\d+/g, 'HOST'));
  for (const [pattern, replacement] of mask) result = result.replace(pattern, replacement);
  return result;
}

/** The lines that differ, by longest common subsequence, with one line of context. */
export function difference(before, after) {
  const [a, b] = [before.split('\n'), after.split('\n')];
  const length = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      length[i][j] = a[i] === b[j] ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
    }
  }
  const lines = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) lines.push(`  ${a[i++]}`) && j++;
    else if (i < a.length && (j === b.length || length[i + 1][j] >= length[i][j + 1])) lines.push(`- ${a[i++]}`);
    else lines.push(`+ ${b[j++]}`);
  }
  const changed = (index) => lines[index] !== undefined && !lines[index].startsWith('  ');
  return lines.filter((_, index) => [index - 1, index, index + 1].some(changed)).join('\n');
}
