import { fromInstantText, isInstantText, toInstantText } from '../../../platform/time/instant.js';
import type { Order } from '../../../platform/http/paging/list-parameters.js';
import { type PresencePlace, comparePlaces } from './presence.js';

/** When users or clients were last seen, as instant text; '' = never. */
export interface SeenTimes {
  /** A lower bound for each id, from a few index entries. Ids without a session may be left out. */
  bounds(ids: readonly number[]): Promise<ReadonlyMap<number, string>>;
  /** The exact times of a few ids. */
  exact(ids: readonly number[]): Promise<ReadonlyMap<number, string>>;
  /** The exact times that are later than the instant, of those whose lower bound is not; others may be contained, too. */
  outlasting(instant: string): Promise<ReadonlyMap<number, string>>;
}

/**
 * Lists ids in the order of (last seen, id), chunk by chunk. Exact times are read for one chunk at a time: lower bounds
 * tell which of the others may come before them.
 *
 * @param after the list continues after this place @param chunk ids whose exact times are read at once
 */
export async function* bySeen(
  ids: readonly number[],
  { order, after, chunk }: { readonly order: Order; readonly after: PresencePlace | null; readonly chunk: number },
  times: SeenTimes,
): AsyncGenerator<PresencePlace[]> {
  const bounds = await times.bounds(ids);
  const queue = ids.map((id) => ({ key: bounds.get(id) ?? '', id })).sort((a, b) => comparePlaces(a, b, order));
  const pending = new PendingPlaces(new Set(ids));
  let position = 0;
  /** Adds those of the places whose exact time is later than the instant, or later than their bound and equal to it. */
  const addFrom = async (instant: string, places: readonly PresencePlace[]) => {
    pending.add(among(await times.outlasting(instant), places));
    const earlier = places.filter(({ key }) => key < instant);
    pending.add(among(await times.outlasting(previous(instant)), earlier));
  };
  if (after !== null) {
    const first = queue.findIndex((place) => comparePlaces(place, after, order) > 0);
    position = first < 0 ? queue.length : first;
    // In descending order, those before this place are on earlier pages.
    if (order === 'asc' && isInstantText(after.key)) await addFrom(after.key, queue.slice(0, position));
  }
  while (position < queue.length || pending.size > 0) {
    const part = queue.slice(position, position + chunk).map(({ id }) => id);
    pending.add(await times.exact(part.filter((id) => !pending.knows(id))));
    position += chunk;
    const frontier = queue[position];
    if (order === 'desc' && frontier && frontier.key !== '') await addFrom(frontier.key, queue.slice(position));
    const isBefore = (place: PresencePlace) => !frontier || comparePlaces(place, frontier, order) < 0;
    const ready = pending.take(isBefore).filter((place) => after === null || comparePlaces(place, after, order) > 0);
    if (ready.length > 0) yield ready.sort((a, b) => comparePlaces(a, b, order));
  }
}

/** Places with an exact time that have not been listed yet. */
class PendingPlaces {
  private readonly known = new Set<number>();
  private places: PresencePlace[] = [];

  constructor(private readonly ids: ReadonlySet<number>) {}

  get size(): number {
    return this.places.length;
  }

  knows(id: number): boolean {
    return this.known.has(id);
  }

  add(times: ReadonlyMap<number, string>): void {
    for (const [id, key] of times) {
      if (this.known.has(id) || !this.ids.has(id)) continue;
      this.known.add(id);
      this.places.push({ key, id });
    }
  }

  take(isReady: (place: PresencePlace) => boolean): PresencePlace[] {
    const ready = this.places.filter(isReady);
    this.places = this.places.filter((place) => !isReady(place));
    return ready;
  }
}

function among(times: ReadonlyMap<number, string>, places: readonly PresencePlace[]): ReadonlyMap<number, string> {
  return new Map(places.flatMap(({ id }) => (times.has(id) ? [[id, times.get(id)!] as const] : [])));
}

function previous(instant: string): string {
  return toInstantText(fromInstantText(instant) - 1);
}
