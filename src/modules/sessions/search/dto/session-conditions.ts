import { Field } from '../../../../platform/http/validation/request-class.js';
import { IsDurationText } from '../../../../platform/http/validation/rules/is-duration-text.js';
import { IsNetwork } from '../../../../platform/http/validation/rules/is-network.js';
import { IsEachOneOf, IsEachTextLike } from '../../../../platform/http/validation/rules/is-text.js';
import { IsEachWholeNumber } from '../../../../platform/http/validation/rules/is-whole-number.js';
import { IsNotGreaterThan } from '../../../../platform/http/validation/rules/read-with.js';
import type { AddressRange } from '../../../../platform/net/address-range.js';
import { MAX_ID } from '../../../../platform/database/schema/max-id.js';
import { parseUserName } from '../../../directory/port/user-name.js';
import { LOGON_TYPES, type LogonType } from '../../port/logon-type.js';
import { SESSION_STATES, type SessionFilter, type SessionState } from '../session-filter.js';

/** Conditions on sessions that several requests accept; durations in milliseconds. */
export class SessionConditions {
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
}

/** The part of a filter that these conditions make. */
export function conditionsOf(query: SessionConditions): Omit<SessionFilter, 'window' | 'isInstant' | 'activity'> {
  const { client, clientName, user, userId } = query;
  return {
    ...{ clientGuids: client, clientNames: clientName, userNames: user?.map(parseUserName), userIds: userId },
    ...{ states: query.state, logonTypes: query.logonType, remoteAddress: query.remoteAddress },
    ...{ minDurationMs: query.minDuration, maxDurationMs: query.maxDuration },
  };
}
