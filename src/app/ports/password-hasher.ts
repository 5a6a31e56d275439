/** Makes the hash of a new password as the service itself would store it. */
export interface PasswordHasher {
  /** In the scheme of `like`, at its cost or above; salted anew. `Failure('usage')` where that scheme cannot be written. */
  hash(password: string, like: string): Promise<string>;
  /** Longest password in bytes of UTF-8 that the scheme of `like` looks at whole; null without a limit. */
  longestBytes(like: string): number | null;
}
