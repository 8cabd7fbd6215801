/** One response of a connection. */
export interface ReadResponse {
  readonly status: number;
  readonly head: string;
}

/** Splits the bytes of a connection into HTTP/1.1 responses (RFC 9112, section 6.3), without keeping bodies. */
export class ResponseReader {
  private rest: Buffer = Buffer.alloc(0);
  /** Bytes of the current body that are still to come; -1 while its head is read; Infinity until the connection closes. */
  private missing = -1;
  private chunked = false;

  /** @param methods methods of the requests whose responses are still to come, in order; the reader removes answered ones */
  constructor(
    private readonly methods: string[],
    private readonly onResponse: (response: ReadResponse) => void,
  ) {}

  /** @throws Error when the bytes are not HTTP */
  add(bytes: Buffer): void {
    this.rest = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    while (this.step());
  }

  private step(): boolean {
    if (this.missing < 0) return this.chunked ? this.readChunkHead() : this.readHead();
    const skipped = Math.min(this.missing, this.rest.length);
    this.rest = this.rest.subarray(skipped);
    this.missing -= skipped;
    if (this.missing > 0) return false;
    this.missing = -1;
    return true;
  }

  private readHead(): boolean {
    const end = this.rest.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const head = this.rest.subarray(0, end).toString('latin1');
    this.rest = this.rest.subarray(end + 4);
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
    if (!status) throw new Error(`not an HTTP response: ${head.slice(0, 80)}`);
    // An interim response, such as 100 Continue.
    if (status < 200) return true;
    const method = this.methods.shift();
    const hasBody = method !== 'HEAD' && status !== 204 && status !== 304;
    this.chunked = hasBody && /\r\ntransfer-encoding: *chunked/i.test(head);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (hasBody && !this.chunked) this.missing = length === undefined ? Infinity : Number(length);
    this.onResponse({ status, head });
    return true;
  }

  private readChunkHead(): boolean {
    const end = this.rest.indexOf('\r\n');
    if (end < 0) return false;
    const size = parseInt(this.rest.subarray(0, end).toString('latin1'), 16);
    if (Number.isNaN(size)) throw new Error('not a chunk');
    if (size === 0 && this.rest.length < end + 4) return false;
    // The last chunk ends with an empty line; trailers are not sent by this server.
    this.rest = this.rest.subarray(end + (size === 0 ? 4 : 2));
    if (size === 0) this.chunked = false;
    else this.missing = size + 2;
    return true;
  }
}
