import { isUtf8 } from 'node:buffer';

const BYTE_ORDER_MARK = 0xfeff;

/**
 * Decodes UTF-8. A leading byte order mark is dropped, which a JSON parser may do (RFC 8259, section 8.1).
 *
 * @returns undefined if the bytes are not valid UTF-8
 */
export function utf8Text(bytes: Buffer): string | undefined {
  if (!isUtf8(bytes)) return undefined;
  const text = bytes.toString();
  return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
}
