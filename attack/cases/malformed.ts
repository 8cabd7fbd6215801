import type { Attack, AttackGroup, Result } from '../support/attack.js';
import { openConnection, readUntilClosed, requestText } from '../support/raw-connection.js';

const PROBLEM = /\r\ncontent-type: application\/problem\+json/i;

/** Requests that never reach the router, or that HTTP forbids, with the status of their answer. */
const REQUESTS: readonly (readonly [name: string, text: string, status: number])[] = [
  ['a target that is no URL', 'GET http://[ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400],
  ['an unknown expectation', requestText('GET', '/health', { Expect: 'x', Connection: 'close' }), 417],
  ['no Host', 'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
  ['no HTTP', 'no HTTP\r\n\r\n', 400],
  ['two lengths', 'POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx', 400],
  [
    'length and chunks',
    'POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
  ],
  ['a bare line feed', 'GET /health HTTP/1.1\nHost: x\n\n', 400],
  ['a long header', requestText('GET', '/health', { 'X-Long': 'x'.repeat(20_000) }), 431],
  ['a long address', requestText('GET', `/${'x'.repeat(9000)}`, { Connection: 'close' }), 414],
];

export const malformed: AttackGroup = {
  name: 'malformed requests',
  attacks: REQUESTS.map(([name, text, status]): Attack => ({
    name: `malformed: ${name}`,
    run: async ({ url }): Promise<Result> => {
      const socket = await openConnection(url);
      socket.write(text);
      const answer = await readUntilClosed(socket, 5000);
      socket.destroy();
      const given = /^HTTP\/1\.1 (\d+)/.exec(answer.text)?.[1];
      const isProblem = PROBLEM.test(answer.text);
      return {
        tried: '1 request',
        outcome: `${given ?? 'no answer'}, ${isProblem ? 'a problem' : 'no problem'}, ${answer.closed ? 'closed' : 'left open'}`,
        held: given === String(status) && isProblem && answer.closed,
      };
    },
  })),
};
