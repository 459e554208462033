// A merchant's server: keeps the notices of WeChat Pay as the bytes that arrived.
import http from 'node:http';
import { until } from '../lib/children.mjs';

/**
 * Listens on a free port and answers every notice with what `judge(notice)` says, an HTTP status.
 *
 * @returns `{ url, notices, next(count), stop() }`; a notice is `{ headers, body }`, `next` waits until there are so many
 */
export async function startMerchant(judge) {
  const notices = [];
  const server = http.createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const notice = { headers: request.headers, body: Buffer.concat(parts) };
      const status = judge(notice);
      notices.push({ ...notice, status });
      response.writeHead(status).end();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    notices,
    next: async (count) => {
      await until(() => notices.length >= count, 15_000, () => `${notices.length} notices came, ${count} were awaited`);
      return notices[count - 1];
    },
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
