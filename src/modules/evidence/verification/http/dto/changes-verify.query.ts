import { Field } from '../../../../../platform/http/validation/request-class.js';
import { IsInstant, IsNotAfter } from '../../../../../platform/http/validation/rules/is-instant.js';
import { IsTextLike } from '../../../../../platform/http/validation/rules/is-text.js';
import { POSITION_FORM } from '../../verification-position.js';

/** The parameters of `GET /api/v1/changes/verify`; instants in milliseconds since 1970. */
export class ChangesVerifyQuery {
  @Field({
    ...{ type: 'string', default: 'log:0', example: 'log:0' },
    description: '`next` of the answer before: an entry of the log, or the id of a session such as `sessions:5000`.',
  })
  @IsTextLike(POSITION_FORM, 'must be a position such as log:4000 or sessions:5000')
  after?: string;

  @Field({ type: 'string', description: 'Guid of a client: verifies only its sessions.' })
  @IsTextLike(/^[!-~]{1,64}$/, 'must be 1 to 64 visible ASCII characters')
  client?: string;

  @Field({ type: 'string', description: 'Verifies only sessions with a login at or after this instant.' })
  @IsNotAfter('to')
  @IsInstant()
  from?: number;

  @Field({ type: 'string', description: 'Verifies only sessions with a login before this instant.' })
  @IsInstant()
  to?: number;
}
