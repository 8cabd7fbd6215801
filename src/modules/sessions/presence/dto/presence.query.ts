import type { ReadCursor } from '../../../../platform/http/paging/cursor.js';
import { ListParameters } from '../../../../platform/http/paging/list-parameters.js';
import { Field } from '../../../../platform/http/validation/request-class.js';
import { IsCursor } from '../../../../platform/http/validation/rules/is-cursor.js';
import { IsInstant } from '../../../../platform/http/validation/rules/is-instant.js';
import { IsOneOf, IsTextLike } from '../../../../platform/http/validation/rules/is-text.js';
import { PRESENCE_SORTS, type PresencePlace, type PresenceSort } from '../presence.js';
import { PRESENCE_CURSORS, presenceFilter, understoodPresence } from '../presence-cursors.js';

/** Parameters of the lists of users and clients, apart from the cursor. */
export class PresenceQuery extends ListParameters {
  @Field({ type: 'string', description: 'A part of the name, regardless of case.' })
  @IsTextLike(/^.{1,255}$/su, 'must be 1 to 255 characters')
  q?: string;

  @Field({ type: 'string', description: 'Only those without a sign of life at or after this instant.' })
  @IsInstant()
  lastSeenBefore?: number;

  @Field({ type: 'string', enum: [...PRESENCE_SORTS], default: 'name', description: 'Order by name or by last seen.' })
  @IsOneOf(() => PRESENCE_SORTS)
  sort?: PresenceSort;
}

const CURSOR = {
  type: 'string',
  description: '`next` of the page before. It belongs to the filter and the order.',
} as const;
const filterOf = (query: PresenceQuery) => understoodPresence(presenceFilter(query));

/** The parameters of `GET /api/v1/users`. */
export class UsersQuery extends PresenceQuery {
  @Field(CURSOR)
  @IsCursor(PRESENCE_CURSORS.user, filterOf)
  cursor?: ReadCursor<PresencePlace>;
}

/** The parameters of `GET /api/v1/clients`. */
export class ClientsQuery extends PresenceQuery {
  @Field(CURSOR)
  @IsCursor(PRESENCE_CURSORS.client, filterOf)
  cursor?: ReadCursor<PresencePlace>;
}
