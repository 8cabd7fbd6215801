import type { TimeZone } from '../../../platform/time/time-zone.js';
import type { Names } from '../names.js';
import type { BucketCounts, Counts } from './concurrency-sweep.js';
import type { Grouping } from './concurrency-question.js';
import type { ConcurrencyResponse } from './concurrency.response.js';

/** Orders the items of a bucket: the guid of a client, the id of a user, 0 without groups. */
type Key = string | number;

export interface SeriesItem {
  readonly key: Key;
  readonly item: ConcurrencyResponse;
}

/** Turns the counts of a bucket into items, in the order of their keys. */
export class SeriesItems {
  constructor(
    private readonly groupBy: Grouping | null,
    private readonly zone: TimeZone,
    private readonly names: Names,
  ) {}

  async of({ bucket, counts }: BucketCounts): Promise<SeriesItem[]> {
    const start = this.zone.formatMs(bucket.startMs);
    const keyed = await this.keyed(counts);
    return keyed
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ key, group, counted: { openAtStart, peak, logins, ends } }) => ({
        key,
        item: { start, ...group, openAtStart, peak, logins, ends },
      }));
  }

  /** The items behind `key`. */
  after(items: readonly SeriesItem[], key: Key): SeriesItem[] {
    return items.filter((item) => item.key > key);
  }

  private async keyed(counts: readonly Counts[]) {
    if (this.groupBy === null) return counts.map((counted) => ({ key: 0 as Key, group: {}, counted }));
    const ids = counts.map(({ group }) => group);
    if (this.groupBy === 'user') {
      const users = await this.names.users(ids);
      return counts.map((counted) => ({ key: counted.group, group: { user: users.get(counted.group)! }, counted }));
    }
    const clients = await this.names.clients(ids);
    return counts.map((counted) => {
      const client = clients.get(counted.group)!;
      return { key: client.guid, group: { client }, counted };
    });
  }
}
