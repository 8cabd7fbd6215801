/** The items of a generator, which works on the next one while the caller uses the current one. It is ended with this one. */
export async function* readAhead<T>(items: AsyncGenerator<T>): AsyncGenerator<T> {
  let next = asked(items);
  try {
    for (;;) {
      const { done, value } = await next;
      if (done) return;
      next = asked(items);
      yield value as T;
    }
  } finally {
    await next.catch(() => undefined);
    await items.return(undefined);
  }
}

/** An error is thrown when the item is used. */
function asked<T>(items: AsyncGenerator<T>): Promise<IteratorResult<T>> {
  const next = items.next();
  next.catch(() => undefined);
  return next;
}
