import { readFileSync, readdirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Request, Response } from 'express';

/** In the order of preference. The build writes these beside the files that they make smaller. */
const ENCODINGS = [
  { name: 'br', suffix: '.br' },
  { name: 'gzip', suffix: '.gz' },
] as const;

/**
 * The files of the page, in memory: they are few and small, an abandoned transfer keeps none of them open, and a new build does
 * not change them below a running server.
 */
export class PageFiles {
  private readonly files: ReadonlyMap<string, Buffer>;

  constructor(folder: string) {
    const names = (readdirSync(folder, { recursive: true }) as string[]).filter((name) =>
      statSync(join(folder, name)).isFile(),
    );
    this.files = new Map(names.map((name) => [`/${name.replaceAll('\\', '/')}`, readFileSync(join(folder, name))]));
  }

  has(path: string): boolean {
    return this.files.has(path);
  }

  /** Sends the file at the path of the request, which must exist, in the smallest form that the browser accepts. */
  send(req: Request, res: Response): void {
    const { path } = req;
    const encoding = ENCODINGS.find(
      ({ name, suffix }) => this.has(path + suffix) && req.acceptsEncodings(name) === name,
    );
    res.vary('Accept-Encoding');
    res.type(extname(path));
    if (encoding) res.setHeader('Content-Encoding', encoding.name);
    res.send(this.files.get(path + (encoding?.suffix ?? '')));
  }
}
