/** Letters that one person sends go on while a rollout is paused. */
export function isPausable(track: string): boolean {
  return track !== 'holding' && track !== 'late';
}
