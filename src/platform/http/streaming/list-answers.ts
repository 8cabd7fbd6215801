import { Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { DownloadSlots } from '../../limits/download-slots.js';
import { nextLink } from '../paging/next-link.js';
import type { ListParameters } from '../paging/list-parameters.js';
import { ProblemError } from '../problems/problem.js';
import { invalidParameters } from '../validation/faults.js';
import { jsonArray } from './json-array.js';
import { type ListFile, listPieces } from './list-files.js';
import { type Piece, streamAnswer } from './stream-answer.js';

/** What `application/json` answers. */
interface ListPage<Item> {
  readonly items: readonly Item[];
  /** Cursor of the next page; null = there is none. */
  readonly next: string | null;
  readonly total?: number;
}

/** A list that can be sent as pages and as a file. */
export interface List<Item> extends ListFile<Item> {
  readonly query: Pick<ListParameters, 'limit' | 'count'>;
  page(): Promise<ListPage<Item>>;
}

const JSON_TYPE = 'application/json';
const FILES = {
  'application/x-ndjson': { format: 'ndjson', contentType: 'application/x-ndjson; charset=utf-8' },
  'text/csv': { format: 'csv', contentType: 'text/csv; charset=utf-8; header=present' },
} as const;
type FileType = keyof typeof FILES;
const TYPES = [JSON_TYPE, ...(Object.keys(FILES) as FileType[])] as const;

/** Sends lists of `/api/v1`: pages as JSON, and everything that matches as NDJSON or CSV (docs/contract.md, section 5). */
@Injectable()
export class ListAnswers {
  constructor(@Inject(DownloadSlots) private readonly slots: DownloadSlots) {}

  /** @throws ProblemError `not-acceptable`; `invalid-parameter` for a parameter that files do not have */
  async send<Item extends object>(req: Request, res: Response, list: List<Item>): Promise<void> {
    res.vary('Accept');
    const type = TYPES.find((name) => name === req.accepts([...TYPES]));
    if (!type) throw new ProblemError('not-acceptable', `This address gives ${TYPES.join(', ')}.`);
    if (type === JSON_TYPE) {
      await req.call.begin({ ...list.understood, format: 'json' });
      return streamAnswer(req, res, page(req, res, list), this.slots);
    }
    refusePaging(list.query, type);
    const { format, contentType } = FILES[type];
    await req.call.begin({ ...list.understood, format });
    res.setHeader('Content-Type', contentType);
    await streamAnswer(req, res, listPieces(list, format), this.slots);
  }
}

function refusePaging(query: List<object>['query'], type: FileType): void {
  const given = (['limit', 'count'] as const).filter((name) => query[name] !== undefined);
  const detail = `is for pages of ${JSON_TYPE}, not for ${type}, which contains all items`;
  if (given.length > 0) throw invalidParameters(given.map((parameter) => ({ parameter, detail })));
}

/** Computed when the answer asks for it, which is when it is the turn of the caller. */
async function* page<Item>(req: Request, res: Response, list: List<Item>): AsyncGenerator<Piece> {
  const { items, next, total } = await list.page();
  res.setHeader('Content-Type', `${JSON_TYPE}; charset=utf-8`);
  if (next !== null) res.setHeader('Link', nextLink(req, next));
  const end = `],${JSON.stringify({ next, total }).slice(1)}`;
  yield* jsonArray([items], list.encoder, '{"items":[', end);
}
