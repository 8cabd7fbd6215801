import { Inject, Injectable } from '@nestjs/common';
import { AppConfig } from '../../../config/app-config.js';
import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import type { RowScope } from '../../../platform/http/caller.js';
import { toInstantText } from '../../../platform/time/instant.js';
import { DirectoryService } from '../../directory/directory.service.js';
import type { SessionFilter } from './session-filter.js';

/** A filter at the instant of its request, with the ids of clients and users in place of their names. */
export interface SearchSelection {
  readonly filter: SessionFilter;
  /** Only sessions of these clients, which includes the row scope; null = of all. */
  readonly clientIds: readonly number[] | null;
  /** Only sessions of these users; null = of all. */
  readonly userIds: readonly number[] | null;
  /** A session without a logout whose last sign of life is older is lost; null = no session is ever lost. */
  readonly lostBefore: string | null;
  /** Instant text. */
  readonly now: string;
}

/** Resolves the names of a filter on the snapshot of its answer. */
@Injectable()
export class SearchSelectionService {
  constructor(
    @Inject(DirectoryService) private readonly directory: DirectoryService,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {}

  async resolve(
    filter: SessionFilter,
    rowScope: RowScope,
    nowMs: number,
    snapshot: Snapshot,
  ): Promise<SearchSelection> {
    const { clientGuids, clientNames, userNames, userIds } = filter;
    const { lostAfterMs } = this.config;
    return {
      filter,
      clientIds: intersection([
        rowScope && (await this.directory.clientIds(rowScope, snapshot)),
        clientGuids && (await this.directory.clientIds(clientGuids, snapshot)),
        clientNames && (await this.directory.clientIdsNamed(clientNames, snapshot)),
      ]),
      userIds: intersection([userNames && (await this.directory.userIds(userNames, snapshot)), userIds]),
      lostBefore: lostAfterMs === null ? null : toInstantText(Math.max(0, nowMs - lostAfterMs)),
      now: toInstantText(nowMs),
    };
  }
}

/** Values that are in every given list; null when no list is given. */
function intersection(lists: readonly (readonly number[] | null | undefined)[]): number[] | null {
  const given = lists.filter((list) => list !== null && list !== undefined);
  if (given.length === 0) return null;
  const [first, ...others] = given.map((list) => new Set(list));
  return [...first!].filter((value) => others.every((other) => other.has(value)));
}
