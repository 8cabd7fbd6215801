import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ClientsRepository } from './clients.repository.js';
import { DirectoryListsService } from './directory-lists.service.js';
import { DirectoryController } from './directory.controller.js';
import { DirectoryService } from './directory.service.js';
import { Client } from './entities/client.entity.js';
import { User } from './entities/user.entity.js';
import { UsersRepository } from './users.repository.js';

@Module({
  imports: [TypeOrmModule.forFeature([Client, User])],
  controllers: [DirectoryController],
  providers: [ClientsRepository, UsersRepository, DirectoryService, DirectoryListsService],
  exports: [DirectoryService],
})
export class DirectoryModule {}
