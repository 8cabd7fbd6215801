import type { UserReference } from '../../directory/port/references.js';
import type { Span } from '../domain/clip.js';
import type { SessionResponse } from './dto/session.response.js';
import type { SessionResponses, Shown } from './session-responses.js';
import type { FoundSession } from './walk/found-session.js';

/** A session that makes its response when it is asked for. */
export class ShownSession implements Shown {
  private made: SessionResponse | undefined;

  constructor(
    readonly found: FoundSession,
    readonly user: UserReference,
    readonly clipped: Span | null,
    private readonly responses: SessionResponses,
  ) {}

  get response(): SessionResponse {
    return (this.made ??= this.responses.of(this));
  }
}
