import type { WindowPage } from '../../sessions/sessions.service.js';

/** The session behind which a page begins: its true login as instant text, and its id. */
export type PagePosition = WindowPage['position'];

const FORM = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) ([1-9]\d{0,9})$/;
const MAX_ID = 2 ** 31 - 1;

export function cursorText({ login, id }: PagePosition): string {
  return Buffer.from(`${login} ${id}`).toString('base64url');
}

/** @returns null when the text is no cursor of ours */
export function parseCursor(text: string): PagePosition | null {
  const match = FORM.exec(Buffer.from(text, 'base64url').toString('latin1'));
  if (!match) return null;
  const position = { login: match[1]!, id: Number(match[2]) };
  const exists = new Date(`${position.login.replace(' ', 'T')}Z`);
  // Decoding forgives, and so does Date: only what would be written the same way is a cursor.
  if (Number.isNaN(exists.getTime()) || exists.toISOString().replace('T', ' ').slice(0, 23) !== position.login)
    return null;
  return position.id <= MAX_ID && cursorText(position) === text ? position : null;
}
