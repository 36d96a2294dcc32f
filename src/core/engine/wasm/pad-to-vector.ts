const vectorLanes = 4;

/** Values that whole vectors of float32 hold. */
export function padToVector(n: number): number {
  return Math.ceil(n / vectorLanes) * vectorLanes;
}
