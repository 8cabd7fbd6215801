import { createHash } from 'node:crypto';

const VISIBLE_ASCII = /^[\x21-\x7e]{1,64}$/;
const KEPT_CHARACTERS = 43;
const MAX_EXTERNAL_ID = 128;

/**
 * A clientGuid for a machine whose log has only its name. A name that is a valid clientGuid is used unchanged; of any other
 * name, the valid part is used with a digest of the whole name, so that different names stay different.
 */
export function clientGuidOf(name: string): string {
  if (VISIBLE_ASCII.test(name)) return name;
  const kept = name.replace(/[^\x21-\x7e]+/g, '-').slice(0, KEPT_CHARACTERS);
  return `${kept}-${digest(name)}`;
}

/** An externalId of any text: the text itself if it fits, otherwise its beginning and a digest of the whole. */
export function externalIdOf(text: string): string {
  const characters = [...text];
  return characters.length <= MAX_EXTERNAL_ID ? text : `${characters.slice(0, 107).join('')}~${digest(text)}`;
}

/** 80 bits: a collision by chance is negligible, and a collision made on purpose gives no advantage. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 20);
}

/** Text cut to a number of code points, which is how the database columns count. */
export function cutText(text: string, max: number): string {
  return text.length <= max ? text : [...text.slice(0, 2 * max)].slice(0, max).join('');
}
