import type { ReadCursor } from '../../../../platform/http/paging/cursor.js';
import { ListParameters } from '../../../../platform/http/paging/list-parameters.js';
import { Field } from '../../../../platform/http/validation/request-class.js';
import { IsCursor } from '../../../../platform/http/validation/rules/is-cursor.js';
import { IsDurationText } from '../../../../platform/http/validation/rules/is-duration-text.js';
import { IsInstant, IsNotAfter } from '../../../../platform/http/validation/rules/is-instant.js';
import { IsNetwork } from '../../../../platform/http/validation/rules/is-network.js';
import { IsEachOneOf, IsEachTextLike, IsTextLike } from '../../../../platform/http/validation/rules/is-text.js';
import { IsEachWholeNumber } from '../../../../platform/http/validation/rules/is-whole-number.js';
import { IsNotCombinedWith, IsNotGreaterThan, Rule } from '../../../../platform/http/validation/rules/read-with.js';
import type { AddressRange } from '../../../../platform/net/address-range.js';
import { parseUserName } from '../../../directory/port/user-name.js';
import { LOGON_TYPES, type LogonType } from '../../port/logon-type.js';
import { timeWindow } from '../../domain/time-window.js';
import type { Position } from '../../windows/session-row.js';
import { SESSION_CURSORS, cursorFilter } from '../session-cursors.js';
import { SESSION_STATES, type SessionFilter, type SessionState } from '../session-filter.js';

const FORMS =
  'A date (`2021-04-01`) or a time (`2021-04-01T12:00:00.000`), with `Z`, with an offset, or in the time zone of the API.';
const MAX_ID = 2 ** 31 - 1;

/** Without a bound, every activity of the database would have to be read. */
function NeedsWindow(): PropertyDecorator {
  return Rule('needsWindow', (_value, object) => {
    const { from, to } = object as SessionsQuery;
    const isBounded = from !== undefined || to !== undefined;
    return isBounded ? undefined : 'needs from or to: without a window every activity of the database would be read';
  });
}

/** The parameters of `GET /api/v1/sessions`; instants in milliseconds since 1970, durations in milliseconds. */
export class SessionsQuery extends ListParameters {
  @Field({
    ...{ type: 'string', example: '2021-04-01T00:00:00Z' },
    description: `First instant of the window \`[from, to)\`. ${FORMS}`,
  })
  @IsNotAfter('to')
  @IsInstant()
  from?: number;

  @Field({
    ...{ type: 'string', example: '2021-04-02T00:00:00Z' },
    description: `First instant after the window. ${FORMS}`,
  })
  @IsInstant()
  to?: number;

  @Field({ type: 'string', description: 'Sessions that are open at this instant; instead of `from` and `to`.' })
  @IsNotCombinedWith('to')
  @IsNotCombinedWith('from')
  @IsInstant()
  activeAt?: number;

  @Field({ type: 'array', items: { type: 'string' }, description: 'Guid of a client.' })
  @IsEachTextLike(/^[!-~]{1,64}$/, 'must be 1 to 64 visible ASCII characters')
  client?: string[];

  @Field({ type: 'array', items: { type: 'string' }, description: 'The latest name of a client, in full.' })
  @IsEachTextLike(/^.{1,255}$/su, 'must be 1 to 255 characters')
  clientName?: string[];

  @Field({
    ...{ type: 'array', items: { type: 'string' } },
    description:
      'Name of an account: `DOMAIN\\name`, `\\name` without a domain, or `name` in any domain and without one.',
  })
  @IsEachTextLike(/^[^\\]{0,128}\\.{1,128}$|^[^\\]{1,128}$/su, 'must be a name or DOMAIN\\name')
  user?: string[];

  @Field({ type: 'array', items: { type: 'integer' }, description: 'Id of a user.' })
  @IsEachWholeNumber({ min: 1, max: MAX_ID })
  userId?: number[];

  @Field({ type: 'array', items: { type: 'string', enum: [...SESSION_STATES] }, description: 'State of a session.' })
  @IsEachOneOf(SESSION_STATES)
  state?: SessionState[];

  @Field({ type: 'array', items: { type: 'string', enum: [...LOGON_TYPES] }, description: 'How the user logged on.' })
  @IsEachOneOf(LOGON_TYPES)
  logonType?: LogonType[];

  @Field({ type: 'string', description: 'IP address that the user came from, or a network such as `192.0.2.0/24`.' })
  @IsNetwork()
  remoteAddress?: AddressRange;

  @Field({
    ...{ type: 'string' },
    description: 'Shortest duration, such as `PT8H` or `90m`. A live session lasts until now.',
  })
  @IsNotGreaterThan('maxDuration')
  @IsDurationText()
  minDuration?: number;

  @Field({ type: 'string', description: 'Longest duration, such as `PT8H` or `90m`.' })
  @IsDurationText()
  maxDuration?: number;

  @Field({
    ...{ type: 'string' },
    description:
      'Sessions with an activity of this application inside the window. Needs a window and `activities:read`; together with ' +
      '`text`, one activity must fulfil both.',
  })
  @NeedsWindow()
  @IsTextLike(/^.{1,255}$/su, 'must be 1 to 255 characters')
  application?: string;

  @Field({
    ...{ type: 'string' },
    description:
      'Sessions with an activity inside the window whose title or URL contains this text, regardless of case. Needs a ' +
      'window and `activities:read`.',
  })
  @NeedsWindow()
  @IsTextLike(/^.{2,255}$/su, 'must be 2 to 255 characters')
  text?: string;

  @Field({ type: 'string', description: '`next` of the page before. It belongs to the filter and the order.' })
  @IsCursor(SESSION_CURSORS, (query: SessionsQuery) => cursorFilter(sessionFilter(query), query.order ?? 'asc'))
  cursor?: ReadCursor<Position>;
}

export function sessionFilter(query: SessionsQuery): SessionFilter {
  const { from, to, activeAt, client, clientName, user, userId, application, text } = query;
  return {
    window:
      activeAt === undefined ? timeWindow({ start: from, end: to }) : timeWindow({ start: activeAt, end: activeAt }),
    isInstant: activeAt !== undefined,
    clientGuids: client,
    clientNames: clientName,
    userNames: user?.map(parseUserName),
    userIds: userId,
    states: query.state,
    logonTypes: query.logonType,
    remoteAddress: query.remoteAddress,
    minDurationMs: query.minDuration,
    maxDurationMs: query.maxDuration,
    ...(application === undefined && text === undefined ? {} : { activity: { application, text } }),
  };
}
