import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { MayReadFromReplica } from '../../../platform/http/reads/may-read-from-replica.js';
import { RequireScope } from '../../../platform/http/access.js';
import {
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '../../../platform/http/docs/decorators.js';
import { DocumentList } from '../../../platform/http/docs/list.docs.js';
import { DocumentPathId, PathId } from '../../../platform/http/validation/path-id.js';
import { StrictQuery } from '../../../platform/http/validation/strict-query.js';
import { Audited } from '../../audit/port/audited.js';
import { DirectoryService } from '../../directory/directory.service.js';
import { CLIENTS_READ, USERS_READ } from '../sessions.audit.js';
import { ClientsQuery, UsersQuery } from './dto/presence.query.js';
import {
  ClientListResponse,
  PresentClientResponse,
  PresentUserResponse,
  UserListResponse,
} from './dto/presence.response.js';
import { PresenceAnswersService } from './presence-answers.service.js';
import { CLIENTS_SHOWN, USERS_SHOWN, clientSource, userSource } from './presence-sources.js';

const ABOUT = 'First and last seen, number of sessions, and how many are live, as far as the key may see sessions.';

@ApiTags('directory')
@Controller('api/v1')
export class PresenceController {
  constructor(
    @Inject(PresenceAnswersService) private readonly answers: PresenceAnswersService,
    @Inject(DirectoryService) private readonly directory: DirectoryService,
  ) {}

  @Get('users')
  @MayReadFromReplica()
  @RequireScope('sessions:read')
  @Audited(USERS_READ)
  @DocumentList({
    summary: 'Users, and when they were seen',
    description: ABOUT,
    page: UserListResponse,
    item: PresentUserResponse,
  })
  users(@Req() req: Request, @Res() res: Response, @StrictQuery() query: UsersQuery): Promise<void> {
    return this.answers.list([req, res], query, userSource(this.directory, req.call.rowScope), USERS_SHOWN);
  }

  @Get('users/:userId')
  @RequireScope('sessions:read')
  @Audited(USERS_READ)
  @ApiOperation({ summary: 'One user' })
  @DocumentPathId('userId', 'user')
  @ApiOkResponse({ type: PresentUserResponse })
  async user(
    @Req() req: Request,
    @Res({ passthrough: true }) res: Response,
    @PathId('userId') userId: number,
  ): Promise<PresentUserResponse> {
    await req.call.begin({ userId });
    const source = userSource(this.directory, req.call.rowScope, userId);
    return this.answers.one([req, res], source, USERS_SHOWN, ({ id }) => id === userId);
  }

  @Get('clients')
  @MayReadFromReplica()
  @RequireScope('sessions:read')
  @Audited(CLIENTS_READ)
  @DocumentList({
    summary: 'Clients, and when they were seen',
    description: ABOUT,
    page: ClientListResponse,
    item: PresentClientResponse,
  })
  clients(@Req() req: Request, @Res() res: Response, @StrictQuery() query: ClientsQuery): Promise<void> {
    return this.answers.list([req, res], query, clientSource(this.directory, req.call.rowScope), CLIENTS_SHOWN);
  }

  @Get('clients/:clientGuid')
  @RequireScope('sessions:read')
  @Audited(CLIENTS_READ)
  @ApiOperation({ summary: 'One client' })
  @ApiParam({ name: 'clientGuid', schema: { type: 'string', example: 'WS-017' } })
  @ApiNotFoundResponse({ description: 'There is no client with this guid, or the key may not see it.' })
  @ApiOkResponse({ type: PresentClientResponse })
  async client(
    @Req() req: Request,
    @Res({ passthrough: true }) res: Response,
    @Param('clientGuid') clientGuid: string,
  ): Promise<PresentClientResponse> {
    await req.call.begin({ client: [clientGuid.slice(0, 64)] });
    const source = clientSource(this.directory, req.call.rowScope, clientGuid);
    return this.answers.one([req, res], source, CLIENTS_SHOWN, ({ guid }) => guid === clientGuid);
  }
}
