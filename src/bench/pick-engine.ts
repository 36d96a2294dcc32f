/** The engine that work was asked for; `auto` is measured, and the choice is remarked. */
import type { Snn } from '../kinds/snn/index.js';
import type { Watch } from '../watch/watch.js';
import { chooseEngine, describeChoice, type PlannedWork } from './choose-engine.js';

/** @param create a network on that engine to measure with; it is not kept */
export async function pickEngine(
  engine: string | undefined,
  create: (engine: string) => Snn,
  work: PlannedWork,
  watch: Pick<Watch, 'note' | 'signal'>,
): Promise<string | undefined> {
  if (engine !== 'auto') return engine;
  watch.note('Measuring the engines on this network …');
  const choice = await chooseEngine(create, work, { signal: watch.signal });
  watch.note(describeChoice(choice));
  return choice.engine;
}
