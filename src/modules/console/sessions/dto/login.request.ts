import { IsTextLike } from '../../../../platform/http/validation/rules/is-text.js';
import { Field } from '../../../../platform/http/validation/request-class.js';

const SECRET = /^[!-~]{1,256}$/;
const DETAIL = 'must be 1 to 256 visible ASCII characters';

/** The body of `POST /console/session`: one of the two. */
export class LoginRequest {
  @Field({ type: 'string', description: 'An API key.' })
  @IsTextLike(SECRET, DETAIL)
  apiKey?: string;

  @Field({ type: 'string', description: 'The token of a one-time link.' })
  @IsTextLike(SECRET, DETAIL)
  loginToken?: string;
}
