import type { UserName } from '../../directory/port/user-name.js';
import type { Coverage, RecordedQuestion } from '../port/recorded-question.js';

/** A session of a person or a client. Instants are instant text. */
export interface SubjectSession {
  readonly id: number;
  readonly clientGuid: string;
  readonly userId: number;
  readonly user: { readonly domain: string; readonly name: string };
  readonly login: string;
  /** The logout, or the stored end of a lost session. */
  readonly end: string | null;
  readonly lastSeen: string;
}

/** Present state that the end of a session is judged by. */
export interface EndRules {
  /** Milliseconds without a sign of life after which a session is lost; null = never. */
  readonly lostAfterMs: number | null;
  readonly fromText: (instantText: string) => number;
}

/** A logout may arrive this much later than it happened: agents keep what they cannot send. */
const LATE_LOGOUT_MS = 86_400_000;

/**
 * Whether a question covered a session. Sessions are known as they are stored now: one that has ended by now may have
 * been live at the time of the call. Such a session is `possible`.
 */
export function coverageOf(session: SubjectSession, question: RecordedQuestion, rules: EndRules): Coverage {
  if (!isAskedFor(session, question)) return 'none';
  if (question.sessionId !== null) return 'certain';
  const during = inWindow(session, question, rules);
  return during === 'certain' && question.isNarrower ? 'possible' : during;
}

function isAskedFor(session: SubjectSession, question: RecordedQuestion): boolean {
  const { sessionId, clientGuids, rowScope, users, userIds } = question;
  const isUser = ({ domain, name }: UserName) =>
    name === session.user.name && (domain === null || domain === session.user.domain);
  return (
    (sessionId === null || sessionId === session.id) &&
    (clientGuids === null || clientGuids.includes(session.clientGuid)) &&
    (rowScope === null || rowScope.includes(session.clientGuid)) &&
    (users === null || users.some(isUser)) &&
    (userIds === null || userIds.includes(session.userId))
  );
}

function inWindow(session: SubjectSession, { window, atMs }: RecordedQuestion, rules: EndRules): Coverage {
  const { start, end } = window;
  if (end !== null && session.login > end) return 'none';
  const until = session.end ?? lostSince(session, atMs, rules);
  if (start === null || until === null || until > start)
    return end !== null && session.login === end ? 'possible' : 'certain';
  const mayHaveBeenLive = rules.fromText(until) >= atMs - Math.max(LATE_LOGOUT_MS, rules.lostAfterMs ?? 0);
  return until === start || mayHaveBeenLive ? 'possible' : 'none';
}

/** The last sign of life of a session that was lost at this time. */
function lostSince({ lastSeen }: SubjectSession, atMs: number, { lostAfterMs, fromText }: EndRules): string | null {
  return lostAfterMs !== null && fromText(lastSeen) < atMs - lostAfterMs ? lastSeen : null;
}
