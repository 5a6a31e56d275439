/** Runs a candidate password through the scheme that a stored hash names. */
export interface PasswordSchemes {
  /** The scheme's name (`better-auth-scrypt`, `argon2id`, `bcrypt`, `pbkdf2-django`, `phpass`), or null where none fits. */
  schemeOf(storedHash: string): string | null;
  /** Whether the password belongs to the hash. An unknown scheme answers false: unknown is no. Password as UTF-8 text. */
  verify(password: string, storedHash: string): Promise<boolean>;
  /** Measured seconds of one core per verification for the scheme, to print the cost before it is paid. */
  secondsPerVerification(scheme: string): Promise<number>;
}
