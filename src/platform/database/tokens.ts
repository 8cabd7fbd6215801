/** Data source of plain reads, which refuses writes. The one that TypeORM's repositories are injected with. */
export const DATA_SOURCE = Symbol('DATA_SOURCE');
/** Data source of `Transactions` alone. */
export const WRITER = Symbol('WRITER');
/** Read replicas and the clock that their age is measured with. */
export const REPLICAS = Symbol('REPLICAS');
export const ENGINE = Symbol('ENGINE');
