// The program under test: `tuina demo`, on free ports, with data of its own.
import fs from 'node:fs';
import path from 'node:path';
import { freePort, removeFolder, sleep, startChild, temporaryFolder } from './children.mjs';
import { startPostgres } from './postgres.mjs';

/** The repository's root folder. */
export const ROOT = path.resolve(import.meta.dirname, '../..');

/** The folder for everything that a run leaves behind for a person to look at. */
export const OUT = path.join(ROOT, 'e2e/out');

/** The binary under test: `$TUINA_BIN`, else the debug build. */
export function tuinaBinary() {
  const target = process.env.CARGO_TARGET_DIR ?? path.join(ROOT, 'target');
  const binary = process.env.TUINA_BIN ?? path.join(target, 'debug/tuina');
  if (!fs.existsSync(binary)) throw new Error(`${binary} does not exist: build it first (cargo build -p tuina).`);
  return binary;
}

/** The moment in Beijing at which the demo's clock starts: a Tuesday morning, all shops about to open or open. */
export const START = '2026-11-24T10:01';

/**
 * Starts `tuina demo` (the program with demo data, and the sandbox that plays WeChat) and waits until both answer.
 *
 * @param options `engine`: 'sqlite' (default) or 'postgres' (a server of its own is started); `at`: when its clock starts; `args`,
 *   `env`: more of each
 * @returns `{ url, sandboxUrl, dataFolder, output(), stop() }`
 */
export async function startDemo({ engine = 'sqlite', at = START, args = [], env = {} } = {}) {
  const binary = tuinaBinary();
  const dataFolder = temporaryFolder('demo');
  const database = engine === 'postgres' ? await startPostgres() : null;
  const [port, sandboxPort] = [await freePort(), await freePort()];
  const demo = startChild(binary, [
    'demo', '--port', String(port), '--sandbox-port', String(sandboxPort), '--data', dataFolder, '--at', at,
    ...(database ? ['--database', database.url] : []), ...args,
  ], { env });
  const url = `http://127.0.0.1:${port}`;
  const sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
  const stop = async () => {
    await demo.stop();
    await database?.stop();
    removeFolder(dataFolder);
  };
  try {
    await answering(`${url}/`, demo);
    await answering(`${sandboxUrl}/`, demo);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, sandboxUrl, dataFolder, output: demo.output, stop };
}

/** Waits until a GET is answered with a status below 500; throws with the program's own words when it ends before. */
async function answering(url, child, ms = 120_000) {
  const end = Date.now() + ms;
  let last = 'nothing yet';
  while (Date.now() < end) {
    if (child.hasEnded()) throw new Error(`The program ended before it answered ${url}. It said:\n${child.output()}`);
    try {
      const response = await fetch(url, { redirect: 'manual' });
      if (response.status < 500) return;
      last = `status ${response.status}`;
    } catch (error) {
      last = error.cause?.code ?? error.message;
    }
    await sleep(50);
  }
  throw new Error(`${url} did not answer in ${ms / 1000} s (${last}). The program said:\n${child.output()}`);
}
