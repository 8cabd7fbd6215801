/** A COMMIT was not answered, or was answered with an error that leaves open whether another server applied it. */
export class CommitInDoubtError extends Error {
  constructor(cause: unknown) {
    super('It is not known whether the transaction was committed.', { cause });
  }
}
