import { Controller, Get, Inject, Req } from '@nestjs/common';
import type { Request } from 'express';
import { AppConfig } from '../../config/app-config.js';
import { SETTING_GROUPS, type SettingName, isPerProcess } from '../../config/reference/setting-groups.js';
import { settingText } from '../../config/reference/settings.js';
import { RequireScope } from '../../platform/http/access.js';
import { ApiOkResponse, ApiOperation, ApiTags } from '../../platform/http/docs/decorators.js';
import { Audited } from '../audit/port/audited.js';
import { type LimitResponse, LimitsResponse } from './dto/limits.response.js';
import { LIMITS_READ } from './health.audit.js';

const LIMITS = SETTING_GROUPS.find(({ title }) => title === 'Limits')!.settings;
const DEFAULTS = new AppConfig();

@ApiTags('health')
@Controller('api/v1/limits')
export class LimitsController {
  constructor(@Inject(AppConfig) private readonly config: AppConfig) {}

  @Get()
  @RequireScope('admin')
  @Audited(LIMITS_READ)
  @ApiOperation({
    summary: 'The limits in force',
    description:
      'Limits of connections, requests, answers and callers, in the order of docs/configuration.md. A restart ' +
      'changes them.',
  })
  @ApiOkResponse({ type: LimitsResponse })
  async read(@Req() req: Request): Promise<LimitsResponse> {
    await req.call.begin({});
    const names = Object.keys(LIMITS) as SettingName[];
    return { items: names.map((name) => limitOf(name, this.config)) };
  }
}

function limitOf(name: SettingName, config: AppConfig): LimitResponse {
  return {
    name,
    value: settingText(name, config[name]),
    default: settingText(name, DEFAULTS[name]),
    description: LIMITS[name]!,
    perProcess: isPerProcess(name),
  };
}
