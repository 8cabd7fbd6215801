import { DataSource, type DataSourceOptions } from 'typeorm';
import type { Engine } from '../engines/engine.js';
import { adaptMetadata } from './adapt-metadata.js';

/** A data source whose entity metadata fits its engine. */
export class EngineDataSource extends DataSource {
  constructor(
    options: DataSourceOptions,
    private readonly family: Engine['family'],
  ) {
    super(options);
    // SQLite keeps BINARY(n) as the declared type of a column; TypeORM does not list it.
    if (family === 'sqlite')
      for (const types of [this.driver.supportedDataTypes, this.driver.withLengthColumnTypes]) types.push('binary');
  }

  protected override async buildMetadatas(): Promise<void> {
    await super.buildMetadatas();
    adaptMetadata(this.entityMetadatas, this.family);
  }
}
