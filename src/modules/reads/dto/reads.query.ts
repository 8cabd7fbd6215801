import { CursorCodec, type CursorFilter, type ReadCursor } from '../../../platform/http/paging/cursor.js';
import { DEFAULT_LIMIT, MAX_LIMIT } from '../../../platform/http/paging/list-parameters.js';
import { invalidParameters } from '../../../platform/http/validation/faults.js';
import { Field } from '../../../platform/http/validation/request-class.js';
import { IsCursor } from '../../../platform/http/validation/rules/is-cursor.js';
import { IsInstant, IsNotAfter } from '../../../platform/http/validation/rules/is-instant.js';
import { IsTextLike } from '../../../platform/http/validation/rules/is-text.js';
import { IsWholeNumber } from '../../../platform/http/validation/rules/is-whole-number.js';
import { toInstantText } from '../../../platform/time/instant.js';
import { parseUserName } from '../../directory/port/user-name.js';
import type { ReadsPosition, ReadsQuestion } from '../reads.service.js';

const MAX_ID = 2 ** 31 - 1;
const MAX_SEQ = 10 ** 15 - 1;

const isSeq = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_SEQ;

export const READS_CURSORS = new CursorCodec<ReadsPosition>('audit-reads', {
  write: ({ after, last }) => [after, last],
  read: ([after, last, ...rest]) => (isSeq(after) && isSeq(last) && rest.length === 0 ? { after, last } : undefined),
});

/** The parameters of `GET /api/v1/audit/reads`; instants in milliseconds since 1970. */
export class ReadsQuery {
  @Field({
    ...{ type: 'string', example: 'anna.berg' },
    description:
      'Account whose sessions were read: `DOMAIN\\name`, `\\name` without a domain, or `name` in any domain.',
  })
  @IsTextLike(/^[^\\]{0,128}\\.{1,128}$|^[^\\]{1,128}$/su, 'must be a name or DOMAIN\\name')
  user?: string;

  @Field({ type: 'string', description: 'Guid of the client whose sessions were read.' })
  @IsTextLike(/^[!-~]{1,64}$/, 'must be 1 to 64 visible ASCII characters')
  client?: string;

  @Field({ type: 'integer', minimum: 1, maximum: MAX_ID, description: 'The session that was read.' })
  @IsWholeNumber({ min: 1, max: MAX_ID })
  sessionId?: number;

  @Field({ type: 'string', description: 'Reads from this instant on.' })
  @IsNotAfter('to')
  @IsInstant()
  from?: number;

  @Field({ type: 'string', description: 'Reads before this instant.' })
  @IsInstant()
  to?: number;

  @Field({ type: 'string', description: '`next` of the page before.' })
  @IsCursor(READS_CURSORS, (query: ReadsQuery) => readsFilter(query))
  cursor?: ReadCursor<ReadsPosition>;

  @Field({ type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT, description: 'Reads of a page.' })
  @IsWholeNumber({ min: 1, max: MAX_LIMIT })
  limit?: number;
}

/** The filter as cursors and audit records hold it. */
export function readsFilter({ user, client, sessionId, from, to }: ReadsQuery): CursorFilter {
  return { user, client, sessionId, from: instantText(from), to: instantText(to) };
}

/** @throws ProblemError `invalid-parameter` unless exactly one subject is given */
export function readsQuestion(query: ReadsQuery): ReadsQuestion {
  const { user, client, sessionId, from, to } = query;
  const subjects = [
    ...(user === undefined ? [] : [{ user: parseUserName(user) }]),
    ...(client === undefined ? [] : [{ clientGuid: client }]),
    ...(sessionId === undefined ? [] : [{ sessionId }]),
  ];
  const [subject, ...others] = subjects;
  if (!subject || others.length > 0)
    throw invalidParameters([{ parameter: 'user', detail: 'exactly one of user, client and sessionId must be given' }]);
  return { subject, from: instantText(from), to: instantText(to) };
}

function instantText(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : toInstantText(Math.max(0, ms));
}
