import type { Request } from 'express';

/** `Link` header (RFC 8288) to the next page: the address of the request with another cursor in `parameter`. */
export function nextLink({ originalUrl }: Pick<Request, 'originalUrl'>, cursor: string, parameter = 'cursor'): string {
  const at = originalUrl.indexOf('?');
  const path = at < 0 ? originalUrl : originalUrl.slice(0, at);
  const pairs = at < 0 ? [] : originalUrl.slice(at + 1).split('&');
  const others = pairs.filter((pair) => pair !== '' && pair.split('=')[0]!.toLowerCase() !== parameter).map(safe);
  return `<${path}?${[...others, `${parameter}=${encodeURIComponent(cursor)}`].join('&')}>; rel="next"`;
}

/** Characters that would end the reference are encoded; those that are encoded already stay as they are. */
function safe(pair: string): string {
  return pair.replace(/[^\x21-\x7e]|[<>"\\^`{|}]/g, encodeURIComponent);
}
