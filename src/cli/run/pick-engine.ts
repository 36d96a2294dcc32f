/** The engine that a command was asked for; `auto` is measured, and told. */
import { chooseEngine, describeChoice, type PlannedWork } from '../../bench/index.js';
import type { Snn } from '../../kinds/snn/index.js';
import type { CommandContext } from '../context.js';

/** @param create a network on that engine to measure with; it is not kept */
export async function pickEngine(
  engine: string | undefined,
  create: (engine: string) => Snn,
  work: PlannedWork,
  context: CommandContext,
): Promise<string | undefined> {
  if (engine !== 'auto') return engine;
  context.note('Measuring the engines on this network …');
  const choice = await chooseEngine(create, work, { signal: context.signal });
  context.note(describeChoice(choice));
  return choice.engine;
}
