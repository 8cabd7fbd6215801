import { Agent, get } from 'node:http';

const agent = new Agent({ keepAlive: true });

export interface Answer {
  readonly ms: number;
  readonly firstByteMs: number;
  readonly body: Buffer;
}

/** Sends a GET and reads it to the last byte. @throws Error if the status is not 200 */
export function timedGet(url: string, key?: string, accept?: string): Promise<Answer> {
  const started = performance.now();
  const headers = { ...(key !== undefined && { ApiKey: key }), ...(accept !== undefined && { Accept: accept }) };
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers }, (answer) => {
      const chunks: Buffer[] = [];
      let firstByteMs = 0;
      answer.once('data', () => (firstByteMs = performance.now() - started));
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const ms = performance.now() - started;
        const body = Buffer.concat(chunks);
        if (answer.statusCode === 200) resolve({ ms, firstByteMs, body });
        else reject(new Error(`${url}: ${answer.statusCode} ${body.toString('utf8', 0, 500)}`));
      });
    });
    request.on('error', (error) => reject(new Error(`${url}: ${error.message}`, { cause: error })));
  });
}
