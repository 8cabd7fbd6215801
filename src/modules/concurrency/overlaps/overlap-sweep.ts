import { EndsHeap } from '../ends-heap.js';

/** A session of one user; +∞ is the end of a live one. Instants in milliseconds since 1970. */
export interface OverlapSession {
  readonly id: number;
  readonly clientId: number;
  readonly loginMs: number;
  readonly endMs: number;
}

/** A maximal interval in which one user has sessions on enough clients at every instant. */
export interface Overlap {
  readonly userId: number;
  readonly startMs: number;
  /** First instant after it, at most the end of the window; +∞ = it lasts; undefined = not known yet. */
  endMs: number | undefined;
  /** The first `MAX_SESSIONS` sessions that are open in it, by login and id. */
  readonly sessions: OverlapSession[];
  /** Number of sessions that are open in it. */
  sessionCount: number;
}

/** Sessions that are kept of one overlap: a service account may have a million of them. */
const MAX_SESSIONS = 1000;

/** The open sessions of one user. They are few, so they are searched one by one. */
class Track {
  readonly open: OverlapSession[] = [];
  /** Number of different clients of the open sessions. */
  clients = 0;
  /** Sessions that began at the current instant. */
  added: OverlapSession[] = [];
  overlap: Overlap | null = null;
  /** Nobody needs the sessions of `overlap`. */
  unwanted = false;
  changed = false;

  constructor(readonly userId: number) {}

  enter(session: OverlapSession): void {
    if (!this.isOn(session.clientId)) this.clients++;
    this.open.push(session);
  }

  leave(id: number): void {
    const { open } = this;
    const index = open.findIndex((session) => session.id === id);
    const { clientId } = open[index]!;
    open[index] = open[open.length - 1]!;
    open.pop();
    if (!this.isOn(clientId)) this.clients--;
  }

  private isOn(clientId: number): boolean {
    return this.open.some((session) => session.clientId === clientId);
  }
}

export interface OverlapRules {
  readonly minClients: number;
  /** End of the window; null = none. */
  readonly toMs: number | null;
  /** An overlap that is cut at a later end than this instant lasts, if live sessions make it. */
  readonly nowMs: number;
}

/**
 * Finds overlaps in a sweep over time. Logins arrive in order, and a heap orders the ends of open sessions. All events of
 * one instant count together, so an overlap that one session leaves at the instant at which another one joins goes on.
 */
export class OverlapSweep {
  private readonly heap = new EndsHeap();
  private readonly tracks = new Map<number, Track>();
  /** By id of an open session. */
  private readonly ofSession = new Map<number, Track>();
  private changed: Track[] = [];
  private currentMs = -Infinity;

  /** @param found receives each overlap when it has begun, in the order of (start, user id); returns whether it is wanted */
  constructor(
    private readonly rules: OverlapRules,
    private readonly found: (overlap: Overlap) => boolean,
  ) {}

  /** Takes the next session by login. @param atMs its login, or the start of the window if that is later */
  add(userId: number, session: OverlapSession, atMs: number): void {
    this.endUntil(atMs);
    this.moveTo(atMs);
    // A session without a length is never open.
    if (session.endMs === session.loginMs) return;
    const track = this.tracks.get(userId) ?? this.newTrack(userId);
    this.touch(track);
    this.enter(track, session);
    track.added.push(session);
  }

  /** Takes no more sessions: decides where the overlaps that have not ended do. */
  finish(): void {
    const { toMs } = this.rules;
    this.endUntil(toMs === null ? Number.MAX_VALUE : toMs - 1);
    this.settle();
    for (const track of this.tracks.values()) {
      if (track.overlap === null) continue;
      track.overlap.endMs = this.endOfLasting(track);
      track.overlap = null;
    }
  }

  /**
   * Takes an overlap that has not ended out of this sweep. @returns a sweep that continues with the sessions of its user
   * only, from the current instant
   */
  split(overlap: Overlap): OverlapSweep {
    const track = this.tracks.get(overlap.userId)!;
    const alone = new OverlapSweep(this.rules, () => false);
    alone.currentMs = this.currentMs;
    const copy = alone.newTrack(overlap.userId);
    for (const session of track.open) alone.enter(copy, session);
    copy.added = [...track.added];
    copy.overlap = overlap;
    if (track.changed) alone.touch(copy);
    Object.assign(track, { overlap: { ...overlap, sessions: [] }, unwanted: true });
    return alone;
  }

  private endUntil(ms: number): void {
    const { heap } = this;
    for (let end = heap.earliest; end <= ms; end = heap.earliest) {
      const id = heap.pop();
      const track = this.ofSession.get(id)!;
      this.ofSession.delete(id);
      this.moveTo(end);
      this.touch(track);
      track.leave(id);
    }
  }

  private enter(track: Track, session: OverlapSession): void {
    track.enter(session);
    if (session.endMs === Infinity) return;
    this.ofSession.set(session.id, track);
    this.heap.push(session.endMs, session.id);
  }

  private newTrack(userId: number): Track {
    const track = new Track(userId);
    this.tracks.set(userId, track);
    return track;
  }

  private moveTo(ms: number): void {
    if (ms === this.currentMs) return;
    this.settle();
    this.currentMs = ms;
  }

  private touch(track: Track): void {
    if (track.changed) return;
    track.changed = true;
    this.changed.push(track);
  }

  /** Judges the users whose sessions changed at the current instant. */
  private settle(): void {
    if (this.changed.length === 0) return;
    const tracks = this.changed.sort((a, b) => a.userId - b.userId);
    this.changed = [];
    for (const track of tracks) {
      if (track.clients >= this.rules.minClients) this.extend(track);
      else if (track.overlap) {
        track.overlap.endMs = this.currentMs;
        track.overlap = null;
      }
      if (track.added.length > 0) track.added = [];
      track.changed = false;
      if (track.open.length === 0) this.tracks.delete(track.userId);
    }
  }

  private extend(track: Track): void {
    const { userId, overlap, open, added } = track;
    if (overlap) {
      if (!track.unwanted) append(overlap, added);
      return;
    }
    track.overlap = { userId, startMs: this.currentMs, endMs: undefined, sessions: [], sessionCount: 0 };
    append(
      track.overlap,
      [...open].sort((a, b) => a.loginMs - b.loginMs || a.id - b.id),
    );
    track.unwanted = !this.found(track.overlap);
  }

  private endOfLasting({ open }: Track): number {
    const { toMs, nowMs, minClients } = this.rules;
    if (toMs === null) return Infinity;
    if (toMs <= nowMs) return toMs;
    const live = new Set(open.filter(({ endMs }) => endMs === Infinity).map(({ clientId }) => clientId));
    return live.size >= minClients ? Infinity : toMs;
  }
}

function append(overlap: Overlap, sessions: readonly OverlapSession[]): void {
  overlap.sessionCount += sessions.length;
  overlap.sessions.push(...sessions.slice(0, MAX_SESSIONS - overlap.sessions.length));
}
