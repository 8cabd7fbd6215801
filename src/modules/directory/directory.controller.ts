import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '../../platform/http/docs/decorators.js';
import type { Request, Response } from 'express';
import { MayReadFromReplica } from '../../platform/http/reads/may-read-from-replica.js';
import { RequireScope } from '../../platform/http/access.js';
import { Audited } from '../audit/port/audited.js';
import { jsonArray } from '../../platform/http/streaming/json-array.js';
import { type Piece, callerSignal, streamAnswer } from '../../platform/http/streaming/stream-answer.js';
import { DownloadSlots } from '../../platform/limits/download-slots.js';
import { DirectoryListsService } from './directory-lists.service.js';
import { ClientResponse } from './dto/client.response.js';
import { UserResponse } from './dto/user.response.js';
import { DIRECTORY_READ } from './directory.audit.js';

/** The names behind the ids and guids of the vendor's interface, which itself has no such lists. */
@ApiTags('directory')
@Controller('ekranapi')
export class DirectoryController {
  constructor(
    @Inject(DirectoryListsService) private readonly lists: DirectoryListsService,
    @Inject(DownloadSlots) private readonly slots: DownloadSlots,
  ) {}

  @Get('clients')
  @MayReadFromReplica()
  @RequireScope('sessions:read')
  @Audited(DIRECTORY_READ)
  @ApiOperation({
    summary: 'The names behind `clientGuid`',
    description: 'Not part of the vendor’s interface. Ordered by guid; a key limited to some clients sees only those.',
  })
  @ApiOkResponse({ type: [ClientResponse] })
  async clients(@Req() req: Request, @Res() res: Response): Promise<void> {
    await req.call.begin({});
    await this.send(req, res, jsonArray(this.lists.clients(req.call.rowScope, callerSignal(res)), JSON.stringify));
  }

  @Get('users')
  @MayReadFromReplica()
  @RequireScope('sessions:read')
  @Audited(DIRECTORY_READ)
  @ApiOperation({
    summary: 'The names behind `userId`',
    description:
      'Not part of the vendor’s interface. Ordered by id; a key limited to some clients sees the users that have a session there.',
  })
  @ApiOkResponse({ type: [UserResponse] })
  async users(@Req() req: Request, @Res() res: Response): Promise<void> {
    await req.call.begin({});
    await this.send(req, res, jsonArray(this.lists.users(req.call.rowScope, callerSignal(res)), JSON.stringify));
  }

  private send(req: Request, res: Response, pieces: AsyncGenerator<Piece>): Promise<void> {
    res.setHeader('Content-Type', 'application/json; charset=utf-8');
    return streamAnswer(req, res, pieces, this.slots);
  }
}
