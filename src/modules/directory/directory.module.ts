import { Module } from '@nestjs/common';
import { ClientsRepository } from './clients.repository.js';
import { DirectoryListsService } from './directory-lists.service.js';
import { DirectoryController } from './directory.controller.js';
import { DirectoryService } from './directory.service.js';
import { UsersRepository } from './users.repository.js';

@Module({
  controllers: [DirectoryController],
  providers: [ClientsRepository, UsersRepository, DirectoryService, DirectoryListsService],
  exports: [DirectoryService],
})
export class DirectoryModule {}
