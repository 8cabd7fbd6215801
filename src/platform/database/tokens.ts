/** Names under which the data source of TypeORM and its engine are injected. */
export const DATA_SOURCE = Symbol('DATA_SOURCE');
export const ENGINE = Symbol('ENGINE');
