import type { RawRows } from '../../../../platform/database/snapshots/raw-rows.js';
import type { Snapshot } from '../../../../platform/database/snapshots/snapshots.js';
import { fromInstantText } from '../../../../platform/time/instant.js';
import type { SearchSelection } from '../../search/search-selection.service.js';
import type { WindowClipper } from '../../windows/window-clipper.js';
import { bucketLength, maxBuckets } from '../bucket-length.js';
import { BegunSessions } from '../begun-sessions.js';
import { TimelineRow } from '../timeline-row.js';
import type { TimelineRepository } from '../timeline.repository.js';
import { RowBars } from './row-bars.js';
import type { RowsQuestion } from './row-question.js';
import { rowIdOf, type WindowPresence } from './window-presence.js';

/** What one answer reads from. */
export interface RowReaders {
  readonly repository: TimelineRepository;
  readonly presence: WindowPresence;
  readonly clipper: WindowClipper;
  readonly snapshot: Snapshot;
}

/** Reads the sessions of the rows of one page and reduces them to bars. */
export class RowSessions {
  private readonly row = new TimelineRow();
  private readonly rows = new Map<number, RowBars>();
  readonly bucketMs: number;

  constructor(
    private readonly question: RowsQuestion,
    private readonly selection: SearchSelection,
    private readonly readers: RowReaders,
  ) {
    this.bucketMs = bucketLength(question.toMs - question.fromMs, question.width);
  }

  /** The bars of each of these rows, by its id. */
  async of(rowIds: readonly number[]): Promise<ReadonlyMap<number, RowBars>> {
    const most = maxBuckets(this.question.width);
    for (const id of rowIds) this.rows.set(id, new RowBars(this.bucketMs, most));
    const { clientIds, userIds } = this.selection;
    if (rowIds.length === 0 || clientIds?.length === 0 || userIds?.length === 0) return this.rows;
    await this.addOpen();
    if (!this.readers.presence.holdsAll) await this.addBegun(rowIds);
    return this.rows;
  }

  private async addOpen(): Promise<void> {
    const { repository, presence, snapshot } = this.readers;
    const { start } = this.selection.filter.window;
    const open = (await presence.open()).filter((row) => this.rows.has(rowIdOf(row, this.question.kind)));
    for (const began of [true, false]) {
      const ids = open.filter(([, , , login]) => login < start! === began).map(([id]) => id);
      for (const rows of await repository.among(snapshot, ids, this.selection)) await this.add(rows, began);
    }
  }

  private async addBegun(rowIds: readonly number[]): Promise<void> {
    const { repository, snapshot } = this.readers;
    const begun = new BegunSessions(repository, this.selection, snapshot);
    for await (const rows of begun.of(this.question.kind, rowIds)) await this.add(rows, false);
  }

  /** @param beganBefore whether these sessions began before the window; otherwise none did */
  private async add(rows: RawRows, beganBefore: boolean): Promise<void> {
    const { kind, toMs } = this.question;
    const nowMs = fromInstantText(this.selection.now);
    const clipped = await this.readers.clipper.clip(rows, beganBefore);
    const { row } = this;
    for (let i = 0; i < rows.count; i++) {
      row.read(rows, i);
      const { endMs, state } = row;
      const span = clipped.get(i);
      this.rows.get(row.rowId(kind))!.add({
        startMs: span ? fromInstantText(span.login) : row.loginMs,
        endMs: span ? (span.end === null ? Infinity : fromInstantText(span.end)) : endMs,
        state,
        sessions: 1,
        sessionId: row.id,
        clippedStart: beganBefore,
        clippedEnd: endMs === Infinity ? toMs <= nowMs : endMs > toMs,
      });
    }
  }
}
