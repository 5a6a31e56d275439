/** `breached`: it stands in a list of leaked passwords. `guessable`: a machine guesses it soon. */
export type PasswordVerdict = 'fine' | 'guessable' | 'breached';

/** Whether a new password is good enough. Its answer never depends on another machine being there: what cannot be asked is left out. */
export interface PasswordJudge {
  /** `known`: words that anybody would try for this person (the service's name, the address). */
  judge(password: string, known: readonly string[]): Promise<PasswordVerdict>;
}
