import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SessionUsers } from '../../directory/port/session-users.js';
import { Session } from '../entities/session.entity.js';
import { ClientUsersRepository } from './client-users.repository.js';

/** Implements the port of the directory. Global, because the directory must not import a module of sessions. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([Session])],
  providers: [{ provide: SessionUsers, useClass: ClientUsersRepository }],
  exports: [SessionUsers],
})
export class ClientUsersModule {}
