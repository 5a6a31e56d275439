/** The package has no types of its own; these are the functions that tests hold ours against. */
declare module 'jstat' {
  const jstat: {
    readonly jStat: {
      ibeta(x: number, a: number, b: number): number;
      readonly beta: { inv(probability: number, a: number, b: number): number };
    };
  };
  export default jstat;
}
