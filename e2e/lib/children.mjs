// Child processes and temporary folders that never outlive the test run.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { slowness } from './pace.mjs';

const alive = new Set();
const folders = new Set();

/**
 * Starts a program in a process group of its own, so that `stop` ends it with everything it started.
 *
 * @returns `{ pid, output(), exited, hasEnded(), waitFor(pattern, ms), stop() }`; `output()` is all that it wrote so
 *   far, `exited` resolves to its exit code or signal name
 */
export function startChild(command, args, { env = {}, cwd, stdin = 'ignore', stopSignal = 'SIGTERM' } = {}) {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    detached: true,
    stdio: [stdin, 'pipe', 'pipe'],
  });
  let text = '';
  const listeners = new Set();
  const take = (chunk) => {
    text += chunk;
    for (const listener of listeners) listener();
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  let ended = null;
  const exited = new Promise((resolve) => {
    child.on('error', (error) => take(`${command}: ${error.message}\n`) ?? resolve((ended = 'not started')));
    child.on('close', (code, signal) => resolve((ended = signal ?? code)));
  });
  alive.add(child);
  exited.then(() => {
    alive.delete(child);
    for (const listener of listeners) listener();
  });
  const handle = { pid: child.pid, exited, output: () => text, hasEnded: () => ended !== null, stop, waitFor };
  return handle;

  async function stop(graceMs = 5_000) {
    if (ended === null) signalGroup(child, stopSignal);
    const calm = await Promise.race([exited.then(() => true), sleep(graceMs).then(() => false)]);
    if (!calm) signalGroup(child, 'SIGKILL');
    await exited;
    // What it had started may live a little longer, and may still write into a folder about to be removed.
    for (let turn = 0; turn < 20 && signalGroup(child, 0); turn++) await sleep(100);
    signalGroup(child, 'SIGKILL');
  }

  /** Resolves to the match once the output matches; rejects when the program ends or `ms` pass before. */
  function waitFor(pattern, ms) {
    return new Promise((resolve, reject) => {
      const finish = (settle, value) => {
        clearTimeout(timer);
        listeners.delete(look);
        settle(value);
      };
      const fail = (why) => finish(reject, new Error(`${command} ${why} before it said ${pattern}. It said:\n${text}`));
      const look = () => {
        const match = text.match(pattern);
        if (match) finish(resolve, match);
        else if (ended !== null) fail(`ended (${ended})`);
      };
      const timer = setTimeout(() => fail(`was silent for ${ms} ms`), ms);
      listeners.add(look);
      look();
    });
  }
}

/** A new empty folder, gone at the latest when the run ends. */
export function temporaryFolder(name) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `tuina-${name}-`));
  folders.add(folder);
  return folder;
}

/** Removes a folder that `temporaryFolder` gave; a process that is just ending may still write into it. */
export function removeFolder(folder) {
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  folders.delete(folder);
}

/** A TCP port of the loopback address that nobody listens on at this moment. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Resolves after `ms` milliseconds. */
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks `probe` every `stepMs` until it gives something truthy, which is returned; throws `words` after `ms`. */
export async function until(probe, ms, words, stepMs = 50) {
  const begun = Date.now();
  for (;;) {
    const value = await probe();
    if (value) return value;
    // Time that the host took away is not the program's.
    if (Date.now() - begun > ms * slowness()) throw new Error(typeof words === 'function' ? words() : words);
    await sleep(stepMs);
  }
}

/** Signals the whole process group; whether there is still anybody in it. */
function signalGroup(child, signal) {
  if (!child.pid) return false;
  try {
    process.kill(-child.pid, signal);
    return true;
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
    return false;
  }
}

process.on('exit', () => {
  for (const child of alive) signalGroup(child, 'SIGKILL');
  for (const folder of folders) removeFolder(folder);
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
