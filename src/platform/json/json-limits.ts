/** Limits of one JSON text. A parsed value takes many times the memory of its text, so they are checked before parsing. */
export interface JsonLimits {
  /** Levels of arrays and objects within each other. */
  readonly depth: number;
  /** Values of all levels. */
  readonly values: number;
}

/** What one JSON text contains. */
export interface JsonShape {
  readonly depth: number;
  /** Opening brackets and commas outside of strings: an upper bound of the values within arrays and objects. */
  readonly values: number;
}

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

export const isOpening = (byte: number) => byte === OPEN_OBJECT || byte === OPEN_ARRAY;
export const isClosing = (byte: number) => byte === CLOSE_OBJECT || byte === CLOSE_ARRAY;

/** Counts levels and values in one pass. It does not validate the text; that is left to JSON.parse. */
export function jsonShape(bytes: Uint8Array): JsonShape {
  let level = 0;
  let depth = 0;
  let values = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === QUOTE) i = endOfString(bytes, i + 1);
    else if (byte === COMMA) values++;
    else if (isOpening(byte)) {
      values++;
      if (++level > depth) depth = level;
    } else if (isClosing(byte) && level > 0) level--;
  }
  return { depth, values };
}

/** @returns which limit a text exceeds, as the rest of a sentence about it; undefined when it exceeds none */
export function exceededLimit({ depth, values }: JsonShape, limits: JsonLimits): string | undefined {
  if (depth > limits.depth) return `is nested more than ${limits.depth} levels deep`;
  if (values > limits.values) return `has more than ${limits.values} values`;
  return undefined;
}

/** @returns the index of the closing quote, or the length of the text without one */
function endOfString(bytes: Uint8Array, from: number): number {
  let i = from;
  for (; i < bytes.length && bytes[i] !== QUOTE; i++) if (bytes[i] === BACKSLASH) i++;
  return i;
}
