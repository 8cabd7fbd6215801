/** The largest id of a session, client or user: ids are 32-bit integers. */
export const MAX_ID = 2 ** 31 - 1;
