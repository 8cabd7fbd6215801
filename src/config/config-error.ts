/** Thrown with every fault of the configuration at once. */
export class ConfigError extends Error {
  /** @param faults a sentence each, without values, which may hold a password */
  constructor(faults: readonly string[]) {
    super(`The configuration is not valid:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
}
