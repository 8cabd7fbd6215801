import { Module } from '@nestjs/common';
import { ClientGuidsService } from './client-guids.service.js';

@Module({ providers: [ClientGuidsService], exports: [ClientGuidsService] })
export class DirectoryModule {}
