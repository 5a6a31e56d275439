/** Up to this many accounts one person may put right; above it two, neither of them the author. */
export const onePersonAccounts = 25;

export function quorumFor(accounts: number): { readonly people: 1 | 2; readonly authorMayApprove: boolean } {
  return accounts > onePersonAccounts ? { people: 2, authorMayApprove: false } : { people: 1, authorMayApprove: true };
}
