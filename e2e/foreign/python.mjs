// Python tests as tests of node:test: each line that report.py prints is one.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';
import { test } from 'node:test';

/**
 * Runs the Python test modules and makes a test of each of theirs.
 *
 * @param modules names of modules in `foreign/python`
 * @param env what they need to know
 * @param least how many tests there must be, so that a module that does not load is not taken for a good one
 */
export async function runPython(modules, env, least) {
  const root = path.resolve(import.meta.dirname, '..');
  const python = path.join(root, '.venv/bin/python');
  const child = spawn(python, ['report.py', ...modules], {
    cwd: path.join(root, 'foreign/python'),
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const results = [];
  for await (const line of readline.createInterface({ input: child.stdout })) results.push(JSON.parse(line));
  for (const { name, passed, words } of results) test(name, () => assert.ok(passed, words));
  test(`${modules.join(' and ')} ran to their end`, () => assert.ok(results.length >= least, `${results.length} tests ran`));
}
