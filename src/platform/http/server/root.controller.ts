import { Controller, Get, Redirect } from '@nestjs/common';
import { ApiExcludeController } from '../docs/decorators.js';
import { Public } from '../access.js';

/** Redirects a browser from `/` to the documentation. */
@ApiExcludeController()
@Controller()
export class RootController {
  @Get()
  @Public()
  @Redirect('/docs', 302)
  documentation(): void {}
}
