/** A network in words: its layers and connections, and what float32 cannot keep of their parameters. */
import type { LayerDescription } from './nodes/neuron-model.js';
import type { Program } from './program.js';
import { countNeurons, listSides } from './shape.js';
import { describeSlowDecay } from './slow-decay.js';

/** Layers and connections with their parameters, a line each, and notes on what float32 cannot keep. */
export function summarizeNetwork(program: Program, described: ReadonlyMap<string, LayerDescription>): string {
  const layers = [...described].map(([name, { model, shape }]) => {
    return `layer ${name}: ${model.name}, ${listSides(shape).join(' × ')} = ${countNeurons(shape)} neurons`;
  });
  const synapses = program.connections.map((connection) => {
    if (connection.kind === 'uniform')
      return `connection ${connection.name}: competition of ${connection.weight}`;
    const { rule, compiledSynapse, wiring } = connection;
    const { weightShape, engineIndex } = wiring;
    const names = [...(compiledSynapse ? [compiledSynapse.name] : []), rule.name].join(', ');
    return `connection ${connection.name}: ${names}, ${weightShape.join(' × ')} = ${engineIndex.length} weights`;
  });
  const notes = noteSlowDecays(program, described).map((note) => `note: ${note}`);
  return [...layers, ...synapses, ...notes].join('\n');
}

/** What decays so slowly that float32 loses it, a line each; nothing in double precision. */
export function noteSlowDecays(
  { dt, precision }: Pick<Program, 'dt' | 'precision'>,
  described: ReadonlyMap<string, LayerDescription>,
): string[] {
  if (precision !== 'single') return [];
  return [...described].flatMap(([name, layer]) => {
    const { tcTracePre, tcTracePost } = layer;
    return Object.entries({ ...layer.timeConstants, tcTracePre, tcTracePost }).flatMap(
      ([parameter, value]) => {
        const found = describeSlowDecay(dt, value);
        if (!found) return [];
        const remedy = parameter === 'tcThetaDecay' ? "; thetaDecay 'exact' keeps it" : '';
        return [`layer ${name}: ${parameter} ${found}${remedy}`];
      },
    );
  });
}
