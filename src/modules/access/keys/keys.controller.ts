import { Controller, Get, HttpCode, Param, Patch, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '../../../platform/http/docs/decorators.js';
import type { Request, Response } from 'express';
import { AnyCaller, RequireScope } from '../../../platform/http/access.js';
import { Audited } from '../../audit/port/audited.js';
import { StrictBody } from '../../../platform/http/validation/strict-body.js';
import { StrictQuery } from '../../../platform/http/validation/strict-query.js';
import { TimeZone } from '../../../platform/time/time-zone.js';
import type { Actor } from './actor.js';
import type { CallerResponse } from './dto/caller.response.js';
import { CreateKeyRequest } from './dto/create-key.request.js';
import type { KeyResponse, KeysPageResponse, NewKeyResponse } from './dto/key.response.js';
import * as Document from './dto/keys.docs.js';
import { KeysQuery } from './dto/keys.query.js';
import { RotateKeyRequest } from './dto/rotate-key.request.js';
import { UpdateKeyRequest } from './dto/update-key.request.js';
import { keyChanges, keyFields, recordedValues } from './key-fields.js';
import { callerResponse, keyResponse } from './key-json.js';
import { isPrefix, makeKey } from '../authentication/key-secret.js';
import { DEFAULT_LIMIT, KEY_CURSORS } from './keys-page.js';
import { type NewKey, KeysService } from './keys.service.js';
import { fieldsOf } from './stored-key.js';
import { DEFAULT_OVERLAP, overlapMs } from './overlap.js';
import { KEYS_CREATE, KEYS_READ, KEYS_REVOKE, KEYS_ROTATE, KEYS_UPDATE } from './keys.audit.js';

const PATH = '/api/v1/keys';

@ApiTags('keys')
@Controller(PATH.slice(1))
export class KeysController {
  constructor(
    private readonly keys: KeysService,
    private readonly zone: TimeZone,
  ) {}

  @Post()
  @RequireScope('admin')
  @Audited(KEYS_CREATE, { recordedBy: 'handler' })
  @Document.Create()
  async create(
    @Req() req: Request,
    @Res({ passthrough: true }) res: Response,
    @StrictBody() body: CreateKeyRequest,
  ): Promise<NewKeyResponse> {
    const fields = keyFields(body);
    const made = makeKey();
    await req.call.beginChange({ prefix: made.prefix, ...recordedValues(fields) });
    return this.shown(res, await this.keys.create(fields, actorOf(req), made));
  }

  @Get()
  @RequireScope('admin')
  @Audited(KEYS_READ)
  @Document.List()
  async list(
    @Req() req: Request,
    @Res({ passthrough: true }) res: Response,
    @StrictQuery() { limit = DEFAULT_LIMIT, cursor }: KeysQuery,
  ): Promise<KeysPageResponse> {
    const afterId = cursor?.position ?? 0;
    await req.call.begin({ afterId, limit });
    // One more than asked for tells whether there is another page.
    const found = await this.keys.page(afterId, limit + 1);
    const page = found.slice(0, limit);
    const nextCursor = found.length > limit ? KEY_CURSORS.write(page.at(-1)!.id) : null;
    if (nextCursor) res.setHeader('Link', `<${PATH}?limit=${limit}&cursor=${nextCursor}>; rel="next"`);
    return { keys: page.map((key) => keyResponse(key, this.zone)), nextCursor };
  }

  @Get('me')
  @AnyCaller()
  @Audited(KEYS_READ)
  @Document.Me()
  me(@Req() req: Request): CallerResponse {
    return callerResponse(req.call.caller!, this.zone);
  }

  @Get(':prefix')
  @RequireScope('admin')
  @Audited(KEYS_READ)
  @Document.Read()
  async read(@Req() req: Request, @Param('prefix') prefix: string): Promise<KeyResponse> {
    await req.call.begin({ prefix: shown(prefix) });
    return keyResponse(await this.keys.find(prefix), this.zone);
  }

  @Patch(':prefix')
  @RequireScope('admin')
  @Audited(KEYS_UPDATE, { recordedBy: 'handler' })
  @Document.Update()
  async update(
    @Req() req: Request,
    @Param('prefix') prefix: string,
    @StrictBody() body: UpdateKeyRequest,
  ): Promise<KeyResponse> {
    const changes = keyChanges(body);
    const fields = Object.keys(changes).join(' ');
    await req.call.beginChange({ prefix: shown(prefix), fields, ...recordedValues(changes) });
    return keyResponse(await this.keys.update(prefix, changes, actorOf(req)), this.zone);
  }

  @Post(':prefix/rotate')
  @RequireScope('admin')
  @Audited(KEYS_ROTATE, { recordedBy: 'handler' })
  @Document.Rotate()
  async rotate(
    @Req() req: Request,
    @Res({ passthrough: true }) res: Response,
    @Param('prefix') prefix: string,
    @StrictBody({ required: false }) body: RotateKeyRequest,
  ): Promise<NewKeyResponse> {
    const overlap = body.overlap ?? DEFAULT_OVERLAP;
    const made = makeKey();
    const old = await this.keys.peek(prefix);
    const values = old ? { newPrefix: made.prefix, ...recordedValues(fieldsOf(old)) } : {};
    await req.call.beginChange({ prefix: shown(prefix), overlap, ...values });
    const rotation = { overlapMs: overlapMs(overlap)!, made, expected: old };
    return this.shown(res, await this.keys.rotate(prefix, rotation, actorOf(req)));
  }

  @Post(':prefix/revoke')
  @HttpCode(200)
  @RequireScope('admin')
  @Audited(KEYS_REVOKE, { recordedBy: 'handler' })
  @Document.Revoke()
  async revoke(@Req() req: Request, @Param('prefix') prefix: string): Promise<KeyResponse> {
    await req.call.beginChange({ prefix: shown(prefix) });
    return keyResponse(await this.keys.revoke(prefix, actorOf(req)), this.zone);
  }

  private shown(res: Response, { key, stored }: NewKey): NewKeyResponse {
    res.setHeader('Location', `${PATH}/${stored.prefix}`);
    return { key, ...keyResponse(stored, this.zone) };
  }
}

function actorOf(req: Request): Actor {
  return { name: req.call.caller!.prefix, address: req.call.address, mayLockOut: false };
}

/** A caller may put a whole key into the URL by mistake; it must not be recorded. */
function shown(prefix: string): string {
  return isPrefix(prefix) ? prefix : 'not a prefix';
}
