import type { Request, Response } from 'express';

/** Counts the bytes of a body that are handed to the socket, after compression. */
export class AnswerBytes {
  count = 0;

  constructor(
    private readonly req: Request,
    res: Response,
  ) {
    const write = res.write.bind(res) as (...args: unknown[]) => boolean;
    const end = res.end.bind(res) as (...args: unknown[]) => Response;
    res.write = ((...args: unknown[]) => {
      const accepted = write(...args);
      this.add(args);
      return accepted;
    }) as Response['write'];
    res.end = ((...args: unknown[]) => {
      this.add(args);
      return end(...args);
    }) as Response['end'];
  }

  private add([chunk, encoding]: readonly unknown[]): void {
    if (this.req.method === 'HEAD' || chunk === null || chunk === undefined || typeof chunk === 'function') return;
    this.count +=
      typeof chunk === 'string'
        ? Buffer.byteLength(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8')
        : (chunk as Uint8Array).byteLength;
  }
}
