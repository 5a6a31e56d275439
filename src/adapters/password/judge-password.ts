import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';
import type { PasswordJudge } from '../../app/ports/password-judge.ts';
import type { FindBreached } from './breached-range.ts';

/** zxcvbn's scale of 0 to 4: from 3 on some 10^8 guesses are needed, which no sign-in form and few offline attacks allow. */
const leastScore = 3;
/** Longer is judged by its beginning: the time to judge grows with the square of the length. */
const judgedLength = 128;

/**
 * Judges by the guesses that a password would take and by the leaked passwords that come with it; no rules about kinds of
 * characters. `findBreached` asks further; where it is not there or does not answer, what is known here decides alone.
 */
export function makePasswordJudge(findBreached: FindBreached | null): PasswordJudge {
  const zxcvbn = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
  return {
    async judge(password, known) {
      const text = password.slice(0, judgedLength);
      if (zxcvbn.check(text, [...known]).score < leastScore) return 'guessable';
      return (await findBreached?.(password)) === true ? 'breached' : 'fine';
    },
  };
}
