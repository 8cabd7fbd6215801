import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Client } from './entities/client.entity.js';
import { User } from './entities/user.entity.js';
import { ClientGuidsService } from './client-guids.service.js';
import { DirectoryListsService } from './directory-lists.service.js';
import { DirectoryController } from './directory.controller.js';
import { NamesService } from './names.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Client, User])],
  controllers: [DirectoryController],
  providers: [ClientGuidsService, DirectoryListsService, NamesService],
  exports: [ClientGuidsService, NamesService],
})
export class DirectoryModule {}
