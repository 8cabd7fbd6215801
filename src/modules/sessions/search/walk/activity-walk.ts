import type { Position } from '../../windows/session-row.js';
import type { ActivityMatcher } from './activity-matcher.js';
import type { Walk, WalkStep } from './walk.js';

/** Sessions of one step: their activities are usually one statement. */
const SESSIONS = 200;

/** Those sessions of another walk that have a matching activity. */
export class ActivityWalk implements Walk {
  constructor(
    private readonly sessions: Walk,
    private readonly matcher: ActivityMatcher,
  ) {}

  async *steps(after: Position | null): AsyncGenerator<WalkStep> {
    for await (const step of this.sessions.steps(after, SESSIONS)) {
      let rest = step.sessions;
      if (rest.length === 0) yield step;
      while (rest.length > 0) {
        const { matching, sessions, activities } = await this.matcher.first(rest);
        const { login, id } = rest[sessions - 1]!;
        rest = rest.slice(sessions);
        const isLast = rest.length === 0;
        const examined = activities + (isLast ? step.examined : 0);
        yield { sessions: matching, reached: isLast ? step.reached : { login, id }, examined };
      }
    }
  }

  async count(): Promise<number> {
    let total = 0;
    for await (const { sessions } of this.steps(null)) total += sessions.length;
    return total;
  }
}
