import type { Piece } from '../../common/json-stream.js';
import type { WindowedSession } from './sessions.service.js';

/** The bare array of the compatible endpoint as text, a piece a page; nothing but the closing bracket ends it. */
export async function* sessionsJson(pages: AsyncGenerator<WindowedSession[]>): AsyncGenerator<Piece> {
  let separator = '[';
  for await (const page of pages) {
    let text = '';
    for (const session of page) {
      text += separator + sessionJson(session);
      separator = ',';
    }
    yield { text, rows: page.length };
  }
  yield { text: separator === '[' ? '[]' : ']', rows: 0 };
}

/** Spliced, as all but the guid are numbers and dates of ours; a guid may hold a quote or a backslash. */
function sessionJson({ clientGuid, logoutDate, loginDate, sessionId, userId }: WindowedSession): string {
  const guid = /["\\]/.test(clientGuid) ? JSON.stringify(clientGuid) : `"${clientGuid}"`;
  const logout = logoutDate === null ? 'null' : `"${logoutDate}"`;
  return `{"clientGuid":${guid},"logoutDate":${logout},"loginDate":"${loginDate}","sessionId":${sessionId},"userId":${userId}}`;
}
