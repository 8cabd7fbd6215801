import { MAX_ID } from '../../../../platform/database/schema/max-id.js';
import type { Snapshot } from '../../../../platform/database/snapshots/snapshots.js';
import type { Order } from '../../../../platform/http/paging/list-parameters.js';
import type { Position, SessionRow } from '../../windows/session-row.js';
import { type PathChoice, exactPath, furthest, hasConditionsBeyondIds, possiblePaths } from './access-paths.js';
import type { OpenSessions } from './open-sessions.js';
import type { SearchRange, SearchRepository } from './search.repository.js';
import type { SearchSelection } from '../search-selection.service.js';
import { comparePositions } from './search-statement.js';
import { MAX_ENTRIES, type Walk, type WalkStep } from './walk.js';

/** Index entries that one statement counts at most. Counting reads no other part of a row in most cases. */
const MAX_COUNTED_ENTRIES = 100_000;
/** Sessions whose rows one statement looks up when some of them may not fulfil the conditions. */
const LOOKUP_SESSIONS = 500;

/** Before and after every stored session. */
const FIRST: Position = { login: '1970-01-01 00:00:00.000', id: 0 };
const LAST: Position = { login: '9999-12-31 23:59:59.999', id: 0 };
export interface WalkOptions {
  readonly snapshot: Snapshot;
  readonly selection: SearchSelection;
  readonly order: Order;
}

/**
 * Finds the sessions of a selection in the order of (login, id), in steps of bounded work. Sessions that are open at the
 * start of the window began before all others, so they are one part of the walk and those that began inside are the other.
 */
export class SessionWalk implements Walk {
  private readonly direction: Order;

  constructor(
    private readonly repository: SearchRepository,
    private readonly open: OpenSessions,
    private readonly options: WalkOptions,
  ) {
    this.direction = options.order;
  }

  async *steps(after: Position | null, wanted: number): AsyncGenerator<WalkStep> {
    const { selection } = this.options;
    if (selection.clientIds?.length === 0 || selection.userIds?.length === 0) return;
    if (this.open.holdsAll) return yield* this.openSteps(after, wanted, null);
    const { start } = selection.filter.window;
    const border = start === null ? null : { login: start, id: 0 };
    if (this.direction === 'asc') {
      if (border && (after === null || this.compare(after, border) < 0)) yield* this.openSteps(after, wanted, border);
      yield* this.begunSteps(after, wanted, null);
    } else {
      if (!border || after === null || this.compare(after, border) < 0) yield* this.begunSteps(after, wanted, border);
      if (border) yield* this.openSteps(after, wanted, null);
    }
  }

  async count(): Promise<number> {
    const { selection, snapshot } = this.options;
    if (selection.clientIds?.length === 0 || selection.userIds?.length === 0) return 0;
    let total = 0;
    if (this.open.holdsAll || selection.filter.window.start !== null)
      for await (const { sessions } of this.openSteps(null, LOOKUP_SESSIONS, null)) total += sessions.length;
    if (this.open.holdsAll) return total;
    for (let after: Position | null = this.firstInside(null); after;) {
      const choice: PathChoice = await this.choose(after, Infinity, MAX_COUNTED_ENTRIES);
      total += await this.repository.countInRange(snapshot, this.range(after, choice), selection);
      after = choice.upTo;
    }
    return total;
  }

  /** @param next where the walk goes on after these sessions; null = nowhere */
  private async *openSteps(after: Position | null, wanted: number, next: Position | null): AsyncGenerator<WalkStep> {
    const { selection, snapshot } = this.options;
    const rows = (await this.open.rows()).filter((row) => after === null || this.compare(after, positionOf(row)) < 0);
    if (this.direction === 'desc') rows.reverse();
    const size = hasConditionsBeyondIds(selection) ? LOOKUP_SESSIONS : wanted;
    for (let from = 0; from < rows.length; from += size) {
      const part = rows.slice(from, from + size);
      const found = await this.repository.among(
        snapshot,
        part.map(([id]) => id),
        selection,
      );
      const sessions = found.sort((a, b) => this.compare(a, b));
      const reached = from + size < rows.length ? positionOf(part[part.length - 1]!) : next;
      yield { sessions, reached, examined: part.length, crossing: rows.length - from };
    }
    if (rows.length === 0) yield { sessions: [], reached: next, examined: 0 };
  }

  /** @param next where the walk goes on after these sessions; null = nowhere */
  private async *begunSteps(after: Position | null, wanted: number, next: Position | null): AsyncGenerator<WalkStep> {
    const { selection, snapshot } = this.options;
    let position = this.firstInside(after);
    for (;;) {
      const choice = await this.choose(position, wanted, MAX_ENTRIES);
      for (let full = true; full;) {
        const range = this.range(position, choice);
        const sessions = await this.repository.inRange(snapshot, range, selection, wanted);
        full = sessions.length === wanted;
        if (full) position = sessions[wanted - 1]!;
        const reached = full ? { login: position.login, id: position.id } : (choice.upTo ?? next);
        yield { sessions, reached, examined: full ? wanted : choice.upTo ? MAX_ENTRIES : sessions.length };
      }
      if (choice.upTo === null) return;
      position = choice.upTo;
    }
  }

  private firstInside(after: Position | null): Position {
    const { start, end } = this.options.selection.filter.window;
    const first =
      this.direction === 'asc'
        ? { ...FIRST, login: start ?? FIRST.login }
        : { login: end ?? LAST.login, id: end !== null && start === end ? MAX_ID + 1 : 0 };
    return after !== null && this.compare(after, first) > 0 ? after : first;
  }

  private async choose(from: Position, wanted: number, entries: number): Promise<PathChoice> {
    const { selection, snapshot } = this.options;
    const exact = exactPath(selection);
    if (exact && entries === MAX_ENTRIES) return { path: exact, upTo: null };
    const choices: PathChoice[] = [];
    for (const path of exact ? [exact] : possiblePaths(selection)) {
      const range = this.range(from, { path, upTo: null });
      const needed = this.entriesNeeded(path, wanted);
      const upTo = await this.repository.positionAfter(snapshot, range, selection, Math.min(entries, needed));
      choices.push({ path, upTo });
    }
    return furthest(choices, from);
  }

  /** When only one kind of ids restricts, as many entries of each id as sessions are wanted are enough. */
  private entriesNeeded(path: PathChoice['path'], wanted: number): number {
    const { selection } = this.options;
    const { clientIds, userIds } = selection;
    if (path === 'login' || hasConditionsBeyondIds(selection) || (clientIds && userIds)) return Infinity;
    return wanted * (clientIds ?? userIds)!.length;
  }

  private range(after: Position, { path, upTo }: PathChoice): SearchRange {
    const { start, end } = this.options.selection.filter.window;
    const order = this.direction;
    if (order === 'desc')
      return { path, order, after, upTo, bound: start === null ? null : { login: start, inclusive: true } };
    return { path, order, after, upTo, bound: end === null ? null : { login: end, inclusive: start === end } };
  }

  private compare(a: Position, b: Position): number {
    return comparePositions(a, b, this.direction);
  }
}

function positionOf([id, , , login]: SessionRow): Position {
  return { login, id };
}
