import { parse } from 'content-type';
import { ReadWith, Unreadable } from '../validation/rules/read-with.js';

/** Content codings (RFC 9110, section 8.4.1). */
export type ContentEncoding = 'identity' | 'gzip' | 'br' | 'deflate';

/** RFC 9110, section 8.4.1.3: `x-gzip` means `gzip`. */
const ALIASES: Readonly<Record<string, string>> = { 'x-gzip': 'gzip' };
const UTF8 = ['utf-8', 'utf8'];

/** One of these media types in UTF-8. The field becomes the media type in lower case, without parameters. */
export function IsMediaType(accepted: readonly string[]): PropertyDecorator {
  return ReadWith('isMediaType', (value) => {
    const { type, parameters } = parse(String(value));
    if (!accepted.includes(type)) return new Unreadable(`The content type must be ${alternatives(accepted)}.`);
    const charset = parameters['charset']?.toLowerCase() ?? 'utf-8';
    return UTF8.includes(charset) ? type : new Unreadable('The charset must be utf-8.');
  });
}

/** One of these content codings. The field becomes a `ContentEncoding`. */
export function IsContentEncoding(accepted: readonly ContentEncoding[]): PropertyDecorator {
  return ReadWith('isContentEncoding', (value) => {
    const given = String(value).trim().toLowerCase();
    const encoding = ALIASES[given] ?? given;
    return (accepted as readonly string[]).includes(encoding)
      ? encoding
      : new Unreadable(`The content encoding must be ${alternatives(accepted)}.`);
  });
}

function alternatives(values: readonly string[]): string {
  return [values.slice(0, -1).join(', '), values[values.length - 1]].filter(Boolean).join(' or ');
}
