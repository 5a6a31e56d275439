import type { Answer } from '../api/routes.ts';
import type { Tone } from '../design/Tag.tsx';

type State = Answer<'get /api/v1/evidence/{batch}'>['batch']['state'];

export const batchTones: Readonly<Record<State, Tone>> = { importing: 'waits', finished: 'good', abandoned: 'plain' };
