import { Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { jsonArray } from '../../platform/http/streaming/json-array.js';
import { callerSignal, sendText } from '../../platform/http/streaming/json-stream.js';
import { DownloadSlots } from '../../platform/limits/download-slots.js';
import { AppConfig } from '../../config/app-config.js';
import type { WindowQuestion } from '../sessions/sessions.service.js';
import { timeWindow } from '../sessions/domain/time-window.js';
import type { WindowQuery } from '../sessions/dto/window.query.js';

type Read<Element> = (question: Omit<WindowQuestion, 'nowMs'>, signal: AbortSignal) => AsyncGenerator<Element[]>;

/** What the statistics have in common between the request and the answer: a window in, a bare array out, streamed. */
@Injectable()
export class StatisticsSender {
  constructor(
    @Inject(DownloadSlots) private readonly slots: DownloadSlots,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {}

  async send<Element>(req: Request, res: Response, query: WindowQuery, read: Read<Element>): Promise<void> {
    const window = timeWindow(query);
    await req.call.begin({ ...window });
    const pages = read({ window, rowScope: req.call.rowScope }, callerSignal(res));
    res.setHeader('Content-Type', 'application/json; charset=utf-8');
    await sendText(req, res, jsonArray(pages, JSON.stringify), {
      slots: this.slots,
      stallMs: this.config.STALL_TIMEOUT,
    });
  }
}
