import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LeaseEntity } from './lease.entity.js';
import { Leases } from './leases.js';
import { LeasesRepository } from './leases.repository.js';

@Global()
@Module({
  imports: [TypeOrmModule.forFeature([LeaseEntity])],
  providers: [Leases, LeasesRepository],
  exports: [Leases],
})
export class LeasesModule {}
