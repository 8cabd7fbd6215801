import { createHash } from 'node:crypto';

const VISIBLE_ASCII = /^[\x21-\x7e]{1,64}$/;
const KEPT_CHARACTERS = 43;
const MAX_EXTERNAL_ID = 128;

/**
 * A clientGuid for a machine that a log knows by name alone. A name that may be one is taken as it is; of any other,
 * what can be kept, and a digest of the whole so that different names stay different.
 */
export function clientGuidOf(name: string): string {
  if (VISIBLE_ASCII.test(name)) return name;
  const kept = name.replace(/[^\x21-\x7e]+/g, '-').slice(0, KEPT_CHARACTERS);
  return `${kept}-${digest(name)}`;
}

/** An externalId of any text: as it is where it fits, else its beginning and a digest of the whole. */
export function externalIdOf(text: string): string {
  const characters = [...text];
  return characters.length <= MAX_EXTERNAL_ID ? text : `${characters.slice(0, 107).join('')}~${digest(text)}`;
}

/** 80 bits: no two names of one installation will meet by chance, and who makes them meet on purpose gains nothing. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 20);
}

/** Text cut to a number of characters (code points, as the columns count), never within one. */
export function cutText(text: string, max: number): string {
  return text.length <= max ? text : [...text.slice(0, 2 * max)].slice(0, max).join('');
}
