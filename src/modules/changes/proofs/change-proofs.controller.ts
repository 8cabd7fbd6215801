import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { RequireScope } from '../../../platform/http/access.js';
import { ApiTags } from '../../../platform/http/docs/decorators.js';
import { ProblemError } from '../../../platform/http/problems/problem.js';
import { type Piece, callerSignal, streamAnswer } from '../../../platform/http/streaming/stream-answer.js';
import { StrictQuery } from '../../../platform/http/validation/strict-query.js';
import { DownloadSlots } from '../../../platform/limits/download-slots.js';
import { Audited } from '../../audit/port/audited.js';
import { CHANGE_CHECKPOINT_READ, CHANGE_PROOF_READ, CHANGE_TILE_READ } from '../changes.audit.js';
import { formatTilePath, parseTilePath } from '../tree/tile-path.js';
import { ChangeProofsService } from './change-proofs.service.js';
import { DocumentCheckpoint, DocumentConsistency, DocumentInclusion, DocumentTile } from './dto/proofs.docs.js';
import { ConsistencyQuery, InclusionQuery } from './dto/proofs.query.js';
import type { ConsistencyProofResponse, InclusionProofResponse } from './dto/proofs.response.js';

/**
 * The Merkle tree of the change log. Entries, tiles and proofs are about all clients, so a key that is limited to some
 * clients is refused.
 */
@ApiTags('changes')
@Controller('api/v1/log')
export class ChangeProofsController {
  constructor(
    @Inject(ChangeProofsService) private readonly proofs: ChangeProofsService,
    @Inject(DownloadSlots) private readonly slots: DownloadSlots,
  ) {}

  @Get('checkpoint')
  @RequireScope('changes:read')
  @Audited(CHANGE_CHECKPOINT_READ)
  @DocumentCheckpoint()
  async checkpoint(@Req() req: Request, @Res() res: Response): Promise<void> {
    refuseLimited(req);
    await req.call.begin({});
    const text = await this.proofs.checkpoint(callerSignal(res));
    res.setHeader('Content-Type', 'text/plain; charset=utf-8');
    await streamAnswer(req, res, only({ text, rows: 1 }), this.slots);
  }

  @Get('tile/*path')
  @RequireScope('changes:read')
  @Audited(CHANGE_TILE_READ)
  @DocumentTile()
  async tile(@Req() req: Request, @Res() res: Response, @Param('path') segments: string | string[]): Promise<void> {
    refuseLimited(req);
    const path = parseTilePath([segments].flat().join('/'));
    if (!path) throw new ProblemError('not-found', 'This is no path of a tile: see the specification tlog-tiles.');
    await req.call.begin({ tile: formatTilePath(path) });
    const text = await this.proofs.tile(path, callerSignal(res));
    res.setHeader('Content-Type', 'application/octet-stream');
    await streamAnswer(req, res, only({ text, rows: path.width }), this.slots);
  }

  @Get('proofs/inclusion')
  @RequireScope('changes:read')
  @Audited(CHANGE_PROOF_READ)
  @DocumentInclusion()
  async inclusion(
    @Req() req: Request,
    @Res({ passthrough: true }) res: Response,
    @StrictQuery() { seq, size }: InclusionQuery,
  ): Promise<InclusionProofResponse> {
    refuseLimited(req);
    await req.call.begin({ seq, size: size ?? null });
    const { size: of, entry, leaf, root, proof } = await this.proofs.inclusion(seq, size, callerSignal(res));
    req.call.rows = 1;
    return {
      ...{ seq, size: of, entry: entry.toString(), leaf: base64(leaf), root: base64(root) },
      proof: proof.map(base64),
    };
  }

  @Get('proofs/consistency')
  @RequireScope('changes:read')
  @Audited(CHANGE_PROOF_READ)
  @DocumentConsistency()
  async consistency(
    @Req() req: Request,
    @Res({ passthrough: true }) res: Response,
    @StrictQuery() { from, to }: ConsistencyQuery,
  ): Promise<ConsistencyProofResponse> {
    refuseLimited(req);
    await req.call.begin({ from, to: to ?? null });
    const { to: of, fromRoot, toRoot, proof } = await this.proofs.consistency(from, to, callerSignal(res));
    req.call.rows = 1;
    return { from, fromRoot: base64(fromRoot), to: of, toRoot: base64(toRoot), proof: proof.map(base64) };
  }
}

/** @throws ProblemError `limited-to-clients` */
function refuseLimited({ call }: Request): void {
  if (call.rowScope !== null)
    throw new ProblemError('limited-to-clients', 'The tree of the change log is about all clients.');
}

function base64(hash: Buffer): string {
  return hash.toString('base64');
}

async function* only(piece: Piece): AsyncGenerator<Piece> {
  yield piece;
}
