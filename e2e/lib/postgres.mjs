// A PostgreSQL server of our own: fresh cluster in a temporary folder, free port, gone at the end.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, removeFolder, startChild, temporaryFolder, until } from './children.mjs';

/**
 * Starts a server that listens on 127.0.0.1 and a Unix socket in its own folder. Durability is switched off:
 * the cluster is thrown away.
 *
 * @returns `{ url, createDatabase(name), stop() }`; `url` is a `postgres://` address of the database `tuina`
 */
export async function startPostgres() {
  const bin = serverPrograms();
  const home = temporaryFolder('postgres');
  const asPostgres = process.getuid() === 0 ? ['runuser', '-u', 'postgres', '--'] : [];
  if (asPostgres.length) execFileSync('chown', ['postgres', home]);
  const data = path.join(home, 'data');
  const [first, ...rest] = [...asPostgres, path.join(bin, 'initdb'), '-D', data, '-U', 'tuina', '-A', 'trust',
    '-E', 'UTF8', '--locale=C', '--no-sync'];
  execFileSync(first, rest, { cwd: home, stdio: ['ignore', 'ignore', 'pipe'] });
  const port = await freePort();
  const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: home, fsync: 'off',
    synchronous_commit: 'off', full_page_writes: 'off', max_connections: 200 };
  const [command, ...args] = [...asPostgres, path.join(bin, 'postgres'), '-D', data,
    ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])];
  // SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client to leave.
  const server = startChild(command, args, { cwd: home, stopSignal: 'SIGINT' });
  const stop = async () => {
    await server.stop();
    removeFolder(home);
  };
  const ask = (program, ...more) =>
    execFileSync(path.join(bin, program), ['-h', '127.0.0.1', '-p', String(port), '-U', 'tuina', ...more], { stdio: 'pipe' });
  try {
    await until(() => {
      if (server.hasEnded()) throw new Error(`PostgreSQL ended at once:\n${server.output()}`);
      return answers(() => ask('pg_isready', '-q'));
    }, 20_000, () => `PostgreSQL did not become ready in 20 s:\n${server.output()}`);
    const createDatabase = (name) => {
      ask('createdb', name);
      return `postgres://tuina@127.0.0.1:${port}/${name}`;
    };
    return { url: createDatabase('tuina'), createDatabase, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function serverPrograms() {
  // Debian keeps initdb and postgres out of PATH, one folder per version: the newest wins.
  const root = '/usr/lib/postgresql';
  const versions = fs.existsSync(root) ? fs.readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => path.join(root, version, 'bin')), ...(process.env.PATH ?? '').split(':')];
  const found = folders.find((folder) => fs.existsSync(path.join(folder, 'initdb')));
  if (!found) throw new Error('The PostgreSQL server (initdb) is not installed. Run e2e/install.sh.');
  return found;
}

function answers(call) {
  try {
    call();
    return true;
  } catch {
    return false;
  }
}

// Run as a program it serves bin/test: prints the address, stays until its standard input closes.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = await startPostgres();
  console.log(server.url);
  process.stdin.resume().on('end', async () => {
    await server.stop();
    process.exit(0);
  });
}
