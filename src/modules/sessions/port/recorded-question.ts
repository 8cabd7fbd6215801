import type { UserName } from '../../directory/port/user-name.js';

/** What a call asked for. Null does not restrict. */
export interface RecordedQuestion {
  /** Instant text, half-open; equal bounds are that instant. */
  readonly window: { readonly start: string | null; readonly end: string | null };
  readonly sessionId: number | null;
  readonly clientGuids: readonly string[] | null;
  readonly users: readonly UserName[] | null;
  readonly userIds: readonly number[] | null;
  /** Clients that the caller was limited to. */
  readonly rowScope: readonly string[] | null;
  /** Whether the call had further conditions, or answered one page only. */
  readonly isNarrower: boolean;
  /** Time of the call in milliseconds since 1970. */
  readonly atMs: number;
}

export type Coverage = 'certain' | 'possible' | 'none';
