// The running program, told things by senders that other people wrote: wechatpy for pushes, Python's cryptography for notices.
import path from 'node:path';
import { startDemo } from '../lib/program.mjs';
import { runPython } from './python.mjs';

const demo = await startDemo();
try {
  const sandbox = path.join(demo.dataFolder, 'sandbox');
  await runPython(['push_test', 'notice_test'], {
    TUINA_CREDENTIALS: path.join(sandbox, 'credentials.json'),
    TUINA_PLATFORM_KEY: path.join(sandbox, 'platform_key.pem'),
    TUINA_PROGRAM: demo.url,
    TUINA_DATABASE: path.join(demo.dataFolder, 'demo.db'),
  }, 16);
} finally {
  await demo.stop();
}
