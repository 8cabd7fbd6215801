import { CursorCodec } from '../../../platform/http/paging/cursor.js';
import { isInstantText } from '../../../platform/time/instant.js';

/** Place of an activity in its session. */
export interface ActivityPlace {
  /** Instant text. */
  readonly at: string;
  /** 16 hexadecimal digits: distinguishes activities of the same instant. */
  readonly digest: string;
}

export const ACTIVITY_CURSORS = new CursorCodec<ActivityPlace>('activities', {
  write: ({ at, digest }) => [at, digest],
  read: ([at, digest, ...rest]) =>
    isInstantText(at) && typeof digest === 'string' && /^[0-9a-f]{16}$/.test(digest) && rest.length === 0
      ? { at, digest }
      : undefined,
});
