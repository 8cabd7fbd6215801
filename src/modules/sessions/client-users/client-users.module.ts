import { Global, Module } from '@nestjs/common';
import { SessionUsers } from '../../directory/port/session-users.js';
import { ClientUsersRepository } from './client-users.repository.js';

/** Implements the port of the directory. Global, because the directory must not import a module of sessions. */
@Global()
@Module({
  providers: [{ provide: SessionUsers, useClass: ClientUsersRepository }],
  exports: [SessionUsers],
})
export class ClientUsersModule {}
