import { Module } from '@nestjs/common';
import { ClientGuidsService } from './client-guids.service.js';
import { NamesService } from './names.service.js';

@Module({ providers: [ClientGuidsService, NamesService], exports: [ClientGuidsService, NamesService] })
export class DirectoryModule {}
