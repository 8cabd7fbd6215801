import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

export interface FakeAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export interface FakeIngest {
  readonly url: string;
  /** Records of the requests that were answered with 200, one list per request. */
  readonly received: Record<string, unknown>[][];
  attempts(): number;
  close(): void;
}

/** Starts a fake ingestion endpoint; `answer` decides the response of each request. */
export function startFakeIngest(
  answer: (records: { externalId: string }[], attempt: number) => FakeAnswer,
): Promise<FakeIngest> {
  const received: Record<string, unknown>[][] = [];
  let attempts = 0;
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const lines = gunzipSync(Buffer.concat(chunks)).toString().split('\n');
      const records = lines.map((text) => JSON.parse(text) as { externalId: string });
      const { status, body, headers } = answer(records, ++attempts);
      if (status === 200) received.push(records as never);
      res
        .writeHead(status, headers)
        .end(JSON.stringify(body ?? { results: records.map(() => ({ status: 'created' })) }));
    });
  });
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve({ url: `http://127.0.0.1:${port}`, received, attempts: () => attempts, close });
    }),
  );
}
