/** A command line that makes no sense: reported without a stack, with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
