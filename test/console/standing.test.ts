import { describe, expect, it } from 'vitest';
import { isAtRest, lettersUnderWay, mayStillAct } from '../../console/src/retraction/standing.ts';
import type { Moving } from '../../console/src/retraction/standing.ts';

const track = (name: Moving['track'], phase: Moving['phase'], inFlight = 0): Moving => ({
  track: name,
  phase,
  inFlight,
});

describe('a plan that is put right', () => {
  it('is not said to be running because “we are checking” leaves: a halt would only stop that letter', () => {
    const tracks = [track('contain', 'halted'), track('tell', 'halted'), track('holding', 'running', 100)];
    expect(mayStillAct(tracks)).toBe(false);
    expect(isAtRest(tracks)).toBe(true);
    expect(lettersUnderWay(tracks)).toEqual(['holding']);
  });

  it('may still act while one of its own tracks runs, whatever the other does', () => {
    const tracks = [track('contain', 'running'), track('tell', 'halted')];
    expect(mayStillAct(tracks)).toBe(true);
    expect(isAtRest(tracks)).toBe(false);
    expect(lettersUnderWay(tracks)).toEqual([]);
  });

  it('is not at rest while somebody is in flight, although it is halted', () => {
    expect(isAtRest([track('contain', 'halted', 3), track('tell', 'finished')])).toBe(false);
    expect(isAtRest([track('contain', 'halted'), track('tell', 'finished')])).toBe(true);
  });

  it('waits for a halted letter too, until nothing of it is in flight', () => {
    expect(lettersUnderWay([track('tell', 'halted'), track('late', 'halted', 2)])).toEqual(['late']);
    expect(lettersUnderWay([track('tell', 'halted'), track('late', 'halted')])).toEqual([]);
  });
});
