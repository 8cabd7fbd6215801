import { Module } from '@nestjs/common';
import { ClientGuidsService } from './client-guids.service.js';
import { DirectoryListsService } from './directory-lists.service.js';
import { DirectoryController } from './directory.controller.js';
import { NamesService } from './names.service.js';

@Module({
  controllers: [DirectoryController],
  providers: [ClientGuidsService, DirectoryListsService, NamesService],
  exports: [ClientGuidsService, NamesService],
})
export class DirectoryModule {}
