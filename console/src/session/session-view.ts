/** Who is signed in, and what they may do. */
export interface SessionView {
  readonly operator: { readonly id: string; readonly name: string; readonly role: string };
  readonly permissions: readonly string[];
  readonly by: string;
  readonly expiresAt: string;
  readonly passkeys: number;
  /** Whether a passkey is there to say yes with. */
  readonly canApprove: boolean;
}
