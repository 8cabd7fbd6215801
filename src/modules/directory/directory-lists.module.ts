import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/sessions.module.js';
import { DirectoryController } from './directory.controller.js';
import { DirectoryListsService } from './directory-lists.service.js';

/** Apart from DirectoryModule: the lists share the download slots of the sessions, which themselves need names. */
@Module({ imports: [SessionsModule], controllers: [DirectoryController], providers: [DirectoryListsService] })
export class DirectoryListsModule {}
