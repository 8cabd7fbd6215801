import { Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { DEFAULT_LIMIT } from '../../../platform/http/paging/list-parameters.js';
import { ListAnswers } from '../../../platform/http/streaming/list-answers.js';
import type { ListFile } from '../../../platform/http/streaming/list-files.js';
import type { CsvColumns } from '../../../platform/http/streaming/csv-columns.js';
import { callerSignal } from '../../../platform/http/streaming/stream-answer.js';
import { ProblemError } from '../../../platform/http/problems/problem.js';
import { TimeZone } from '../../../platform/time/time-zone.js';
import type { ClientsQuery, UsersQuery } from './dto/presence.query.js';
import type { PresenceFields } from './dto/presence.response.js';
import type { Named, Presence } from './presence.js';
import { PRESENCE_CURSORS, presenceFilter, understoodPresence } from './presence-cursors.js';
import { PresenceListService } from './presence-list.service.js';
import type { Source } from './presence-walk.js';

/** How users or clients are shown. */
export interface Shown<Entity, Item> {
  readonly columns: CsvColumns<Item>;
  view(entity: Entity, times: PresenceFields): Item;
}

/** Sends lists of users and clients, and single ones. */
@Injectable()
export class PresenceAnswersService {
  private readonly format: (instantText: string) => string;

  constructor(
    @Inject(PresenceListService) private readonly lists: PresenceListService,
    @Inject(ListAnswers) private readonly answers: ListAnswers,
    @Inject(TimeZone) zone: TimeZone,
  ) {
    this.format = zone.formatter();
  }

  async list<Entity extends Named, Item extends object>(
    [req, res]: [Request, Response],
    query: UsersQuery | ClientsQuery,
    source: Source<Entity>,
    shown: Shown<Entity, Item>,
  ): Promise<void> {
    const filter = presenceFilter(query);
    const signal = callerSignal(res);
    await this.answers.send<Item>(req, res, {
      ...this.file(query, source, shown, signal),
      query,
      page: async () => {
        const after = query.cursor?.position ?? null;
        const request = { after, limit: query.limit ?? DEFAULT_LIMIT, countsAll: query.count === 'exact' };
        const { items, next, ...total } = await this.lists.page(source, filter, request, signal);
        const cursor = next && PRESENCE_CURSORS[source.kind].write(next, understoodPresence(filter));
        return { items: items.map((entity) => shown.view(entity, this.times(entity))), next: cursor, ...total };
      },
    });
  }

  /** All users or clients of a query, as a file of the HTTP API or of the command line contains them. */
  file<Entity extends Named, Item extends object>(
    query: UsersQuery | ClientsQuery,
    source: Source<Entity>,
    shown: Shown<Entity, Item>,
    signal: AbortSignal,
  ): ListFile<Item> {
    const filter = presenceFilter(query);
    const after = query.cursor?.position ?? null;
    const view = (entity: Entity & Presence) => shown.view(entity, this.times(entity));
    const { lists } = this;
    return {
      understood: { ...understoodPresence(filter), ...(after && { after: `${after.key} ${after.id}` }) },
      columns: shown.columns,
      all: async function* () {
        for await (const part of lists.all(source, filter, after, signal)) yield part.map(view);
      },
    };
  }

  /** @throws ProblemError `not-found` */
  async one<Entity extends Named, Item>(
    [req, res]: [Request, Response],
    source: Source<Entity>,
    shown: Shown<Entity, Item>,
    isWanted: (entity: Entity) => boolean,
  ): Promise<Item> {
    const found = await this.lists.one(source, isWanted, callerSignal(res));
    if (!found) throw new ProblemError('not-found', `There is no ${source.kind} with this id.`);
    req.call.rows = 1;
    return shown.view(found, this.times(found));
  }

  private times({ firstSeen, lastLogin, lastSeen, sessions, liveSessions }: Presence): PresenceFields {
    const shown = (text: string | null) => text && this.format(text);
    return {
      firstSeen: shown(firstSeen),
      lastLogin: shown(lastLogin),
      lastSeen: shown(lastSeen),
      sessions,
      liveSessions,
    };
  }
}
