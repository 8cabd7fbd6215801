import { request } from 'node:http';

export interface RawAnswer {
  readonly status: number;
  readonly type: string;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** Sends a request without normalisation; `fetch` would normalise the path and reject invalid input. */
export function rawRequest(
  base: string,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<RawAnswer> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const req = request(
      { hostname, port, path, method: options.method ?? 'GET', headers: options.headers, agent: false },
      (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('error', reject);
        res.on('end', () =>
          resolve({
            status: res.statusCode!,
            type: String(res.headers['content-type'] ?? ''),
            headers: res.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    req.on('error', reject);
    req.end(options.body);
  });
}

export async function ingest(
  url: string,
  key: string,
  records: readonly unknown[],
): Promise<{
  accepted: number;
  rejected: number;
  results: { externalId: string; sessionId: number; status: string; detail?: string }[];
}> {
  const headers = { ApiKey: key, 'Content-Type': 'application/json' };
  const answer = await fetch(`${url}/api/v1/ingest/sessions`, {
    method: 'POST',
    headers,
    body: JSON.stringify(records),
  });
  if (answer.status !== 200) throw new Error(`ingest: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as never;
}
