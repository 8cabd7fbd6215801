/** The parts of a pooled connection of mysql2 that are used to end it. */
export interface ClosableConnection {
  readonly stream: { destroy(error: Error): void };
  destroy(): void;
}

export interface ClosablePool {
  /** Connections that no caller holds; the driver has no public access to them. */
  readonly _freeConnections?: { readonly length: number; get(index: number): { destroy(): void } | undefined };
}

/**
 * Closes a connection that may have statements under way; they fail with `reason`. The driver hands an error of the socket to
 * every statement in its queue; after `connection.destroy()` they would hang.
 */
export function closeConnection(connection: Pick<ClosableConnection, 'stream'>, reason: Error): void {
  connection.stream.destroy(reason);
}

/** Closes a connection and those that no caller holds: they lead to the same server, which is lost or takes no changes now. */
export function closeServer(
  { driver }: { readonly driver: unknown },
  connection: Pick<ClosableConnection, 'stream'>,
  reason: Error,
): void {
  closeConnection(connection, reason);
  closeIdleConnections((driver as { readonly pool: ClosablePool }).pool);
}

/** Closes the connections that no caller holds. */
export function closeIdleConnections({ _freeConnections: idle }: ClosablePool): void {
  if (!idle) return;
  const connections = Array.from({ length: idle.length }, (_, i) => idle.get(i));
  for (const connection of connections) connection?.destroy();
}
