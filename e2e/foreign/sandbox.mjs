// The local WeChat alone, for clients that other people wrote.
import fs from 'node:fs';
import path from 'node:path';
import { freePort, removeFolder, startChild, temporaryFolder, until } from '../lib/children.mjs';
import { tuinaBinary } from '../lib/program.mjs';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Starts `tuina sandbox` on a free port with keys of its own and waits until it answers.
 *
 * @param options `program`: the address that pushes go to; nobody needs to listen there
 * @returns `{ url, credentials, credentialsFile, control(path, body), output(), stop() }`; `control` posts to the sandbox's control
 *   API, or gets when there is no body, and gives the JSON
 */
export async function startSandbox({ program = 'http://127.0.0.1:9' } = {}) {
  const folder = temporaryFolder('sandbox');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = startChild(tuinaBinary(), ['sandbox', '--port', String(port), '--data', folder, '--program', program]);
  const stop = async () => {
    await child.stop();
    removeFolder(folder);
  };
  const answers = async () => {
    if (child.hasEnded()) throw new Error(`The sandbox ended before it answered. It said:\n${child.output()}`);
    return fetch(`${url}/control/state`).then((answer) => answer.ok, () => false);
  };
  try {
    await until(answers, 60_000, 'The sandbox did not answer in a minute.');
  } catch (error) {
    await stop();
    throw error;
  }
  const credentialsFile = path.join(folder, 'credentials.json');
  const credentials = JSON.parse(fs.readFileSync(credentialsFile, 'utf8'));
  return { url, credentials, credentialsFile, control: (to, body) => control(url, to, body), output: child.output, stop };
}

async function control(url, to, body) {
  const answer = await fetch(`${url}/control/${to}`, body === undefined ? {} : {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`/control/${to} gives ${answer.status}: ${text}`);
  return JSON.parse(text);
}

/** The business day in Beijing at this moment, as WeChat writes it. */
export const beijingDay = (ms) => new Date(ms + 8 * HOUR_MS).toISOString().slice(0, 10);

/** So many minutes from `ms` to half past ten in Beijing on the next day, when the bills of this day are there. */
export function minutesToBills(ms) {
  const tomorrow = Math.floor((ms + 8 * HOUR_MS) / DAY_MS + 1) * DAY_MS - 8 * HOUR_MS;
  return Math.ceil((tomorrow + 10.5 * HOUR_MS - ms) / 60_000);
}
