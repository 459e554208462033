// Prints what Orca says about a page: on loading, and after each key.
import { startOrca } from './drive.mjs';

const [url, ...keys] = process.argv.slice(2);
const orca = await startOrca(url);
try {
  print('load');
  for (const key of keys) {
    await orca.key(key);
    print(key);
  }
} finally {
  await orca.stop();
}

function print(cause) {
  console.log(`${cause.padEnd(10)} ${orca.spoken().join(' / ') || '(nothing)'}`);
  orca.forget();
}
