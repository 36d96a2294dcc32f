/**
 * Runs of Brian 2, each from its meta.json: every spike, and states within ten times what Brian's own float32 differs from its float64, or
 * 1e-6 of the largest magnitude, whichever is more; in double precision within 1e-6 of it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import '../../src/node/engines.js';
import { defineNeuron } from '../../src/core/definitions/define-neuron.js';
import { spikeTrainFromRaster } from '../../src/core/encoding/spike-train.js';
import { ConductanceLIF } from '../../src/core/models/conductance-lif.js';
import { Monitor } from '../../src/core/network/monitors.js';
import { Network } from '../../src/core/network/network.js';
import { Input } from '../../src/core/network/nodes/index.js';
import { AllButOwnConnection, Connection, SparseConnection } from '../../src/core/network/topology/index.js';
import type { Precision } from '../../src/core/precision.js';
import { readNpy } from '../../src/formats/npy.js';
import { engines } from '../support/small-networks.js';
import { describeCases, readMeta, walkCases } from '../support/walk-cases.js';

interface Meta {
  readonly about: string;
  readonly equations?: string;
  readonly threshold?: string | number;
  readonly on_source?: string;
  readonly steps: number;
  readonly packed: Readonly<Record<string, number>>;
  readonly float32_rerun: Readonly<Record<string, number | 'equal'>>;
}

/** What a case makes of its files: a network whose layer Y was recorded. */
interface Run {
  readonly network: Network<Precision>;
  /** Whether it has a layer X of given spikes. */
  readonly hasInput: boolean;
  /** Name here of every recorded file. */
  readonly recorded: Readonly<Record<string, string>>;
}

class Case {
  readonly meta: Meta;

  constructor(readonly folder: string) {
    this.meta = readMeta(folder) as Meta;
  }

  number(name: string): number {
    const value = (this.meta as unknown as Record<string, unknown>)[name];
    if (typeof value !== 'number') throw new Error(`${this.folder}: expected a number ${name}`);
    return value;
  }

  /** A number that the case writes in its equations. */
  match(of: 'equations' | 'threshold' | 'reset' | 'about', pattern: RegExp): number {
    const text = String((this.meta as unknown as Record<string, unknown>)[of]);
    const found = pattern.exec(text)?.[1];
    if (found === undefined) throw new Error(`${this.folder}: ${of} without ${String(pattern)}`);
    return Number(found);
  }

  read(file: string) {
    return readNpy(readFileSync(join(this.folder, `${file}.npy`)), file);
  }

  floats(file: string): Float32Array {
    return Float32Array.from(this.read(file).data as Float32Array);
  }

  /** Weights [source, target] as published here, [target, source]. */
  weights(file: string): Float32Array {
    const { data, shape } = this.read(file);
    const [sources, targets] = shape;
    return Float32Array.from({ length: data.length }, (_, at) =>
      Number(data[(at % sources) * targets + Math.floor(at / sources)]),
    );
  }

  /** Spikes [step, neuron] of a packed file. */
  raster(file: string): Uint8Array {
    const n = this.meta.packed[file];
    const { data, shape } = this.read(file);
    return Uint8Array.from({ length: shape[0] * n }, (_, at) => {
      const neuron = at % n;
      return (Number(data[Math.floor(at / n) * shape[1] + (neuron >> 3)]) >> (7 - (neuron & 7))) & 1;
    });
  }
}

/** What computes, and how exactly. */
interface Arithmetic {
  readonly engine: string;
  readonly precision: Precision;
}

const arithmetics: readonly (readonly [name: string, Arithmetic])[] = [
  ...engines.map((engine) => [engine, { engine, precision: 'single' }] as const),
  ['reference in double precision', { engine: 'reference', precision: 'double' }],
];

interface Reader {
  /** Whether it runs the case. */
  readonly fits: (meta: Meta) => boolean;
  readonly build: (of: Case, arithmetic: Arithmetic) => Run;
}

const conductances: Reader = {
  fits: ({ equations = '', threshold }) => equations.includes('ge*(Ee - v)') && threshold === undefined,
  build(of, arithmetic) {
    const n = of.meta.packed.spikes;
    const [excitatory, inhibitory] = ['weights_excitatory', 'weights_inhibitory'].map((file) => ({
      w: of.weights(file),
      sources: of.read(file).shape[0],
    }));
    const all = of.meta.packed.input;
    /** Weights of a part of the sources, 0 from the others. */
    const spread = ({ w, sources }: { w: Float32Array; sources: number }, first: number) =>
      Float32Array.from({ length: n * all }, (_, at) => {
        const source = (at % all) - first;
        return source >= 0 && source < sources ? w[Math.floor(at / all) * sources + source] : 0;
      });
    const network = new Network<Precision>({ ...arithmetic, dt: of.number('dt_ms') })
      .addLayer('X', new Input({ shape: all }))
      .addLayer(
        'Y',
        new ConductanceLIF({
          shape: n,
          rest: of.number('Er_mV'),
          reset: of.number('reset_mV'),
          thresh: of.number('threshold_mV'),
          excitatoryReversal: of.number('Ee_mV'),
          inhibitoryReversal: of.number('Ei_mV'),
          tcDecay: of.number('tau_ms'),
          tcExcitatory: of.number('taue_ms'),
          tcInhibitory: of.number('taui_ms'),
          refrac: of.number('refractory_ms'),
          thetaPlus: 0,
        }),
      )
      .addConnection('X', 'Y', new Connection({ w: spread(excitatory, 0) }), 'excitatory')
      .addConnection(
        'X',
        'Y',
        new Connection({ w: spread(inhibitory, excitatory.sources), into: 'inhibitory' }),
        'inhibitory',
      );
    return { network, hasInput: true, recorded: { v_mV: 'v', ge: 'ge', gi: 'gi' } };
  },
};

const adaptiveConductances: Reader = {
  fits: ({ threshold }) => typeof threshold === 'string' && threshold.includes('theta'),
  build(of, arithmetic) {
    const n = of.meta.packed.spikes;
    const timeConstant = (name: string) =>
      of.match('equations', new RegExp(`d${name}/dt = -${name}/\\(([\\de]+)\\*ms\\)`));
    const rest = of.match('equations', /\(\((-\d+)\*mV - v\)/);
    const network = new Network<Precision>({ ...arithmetic, dt: of.number('dt_ms') })
      .addLayer('X', new Input({ shape: of.meta.packed.input }))
      .addLayer(
        'Y',
        new ConductanceLIF({
          shape: n,
          rest,
          reset: of.match('reset', /v = (-\d+) mV/),
          thresh: of.match('threshold', /v > (-\d+) mV/),
          excitatoryReversal: of.match('equations', /ge\*\((-?\d+)\*mV/),
          inhibitoryReversal: of.match('equations', /gi\*\((-?\d+)\*mV/),
          tcDecay: of.match('equations', /\)\)\/\((\d+)\*ms\)/),
          tcExcitatory: timeConstant('ge'),
          tcInhibitory: timeConstant('gi'),
          tcThetaDecay: timeConstant('theta'),
          thetaPlus: of.match('reset', /theta \+= ([\d.]+) mV/),
          refrac: of.number('refractory_ms'),
        }),
      )
      .addConnection('X', 'Y', new Connection({ w: of.weights('weights') }))
      .addConnection(
        'Y',
        'Y',
        new AllButOwnConnection({ w: of.number('lateral_weight'), into: 'inhibitory' }),
      );
    return { network, hasInput: true, recorded: { v_mV: 'v', theta_mV: 'theta', ge: 'ge', gi: 'gi' } };
  },
};

/** The CUBA benchmark: synaptic potentials that decay exponentially. */
const CubaNeuron = defineNeuron({
  name: 'CubaNeuron',
  parameters: {
    rest: [-49, 'mV'],
    reset: [-60, 'mV'],
    thresh: [-50, 'mV'],
    tcDecay: [20, 'ms'],
    tcExcitatory: [5, 'ms'],
    tcInhibitory: [10, 'ms'],
    refrac: [5, 'ms'],
  },
  state: { v: 'rest', ge: [0, 'mV'], gi: [0, 'mV'] },
  inputs: { excitatory: 'mV', inhibitory: 'mV' },
  step: 'ge += excitatory; gi += inhibitory',
  derivatives: { v: '(ge + gi - (v - rest)) / tcDecay', ge: '-ge / tcExcitatory', gi: '-gi / tcInhibitory' },
  spike: 'v > thresh',
  reset: 'v = reset',
  refractory: { period: 'refrac', holds: ['v'], next: 'brian' },
});

const cuba: Reader = {
  fits: ({ about }) => about.includes('CUBA'),
  build(of, arithmetic) {
    const n = of.meta.packed.spikes;
    const nExcitatory = of.match('about', /(\d+) excitatory/);
    const [source, target] = ['source', 'target'].map((file) => of.read(file).data);
    const pairsFrom = (isFrom: (neuron: number) => boolean) =>
      Array.from(source as Float32Array, (from, e) => [from, Number(target[e])] as const).filter(([from]) =>
        isFrom(from),
      );
    const network = new Network<Precision>({ ...arithmetic, dt: of.number('dt_ms') })
      .addLayer(
        'Y',
        new CubaNeuron({
          shape: n,
          rest: -of.match('equations', /\(v \+ (\d+)\*mV\)/),
          reset: of.number('reset_mV'),
          thresh: of.number('threshold_mV'),
          tcDecay: of.match('equations', /\)\)\/\((\d+)\*ms\)/),
          tcExcitatory: of.match('equations', /-ge\/\((\d+)\*ms\)/),
          tcInhibitory: of.match('equations', /-gi\/\((\d+)\*ms\)/),
          refrac: of.number('refractory_ms'),
        }),
      )
      .addConnection(
        'Y',
        'Y',
        new SparseConnection({
          pairs: pairsFrom((i) => i < nExcitatory),
          w: of.match('about', /ge \+= ([\d.-]+)/),
        }),
        'excitatory',
      )
      .addConnection(
        'Y',
        'Y',
        new SparseConnection({
          pairs: pairsFrom((i) => i >= nExcitatory),
          w: of.match('about', /gi \+= ([\d.-]+)/),
          into: 'inhibitory',
        }),
        'inhibitory',
      );
    network.setVariable('Y', 'v', of.floats('v_initial_mV'));
    return { network, hasInput: false, recorded: { v_first5_mV: 'v' } };
  },
};

/** A leaky neuron with a constant drive and an exponential current that synapses jump. */
const DrivenLIF = defineNeuron({
  name: 'DrivenLIF',
  parameters: { drive: 0, thresh: 1, reset: 0, tcDecay: [15, 'ms'], tcCurrent: [4, 'ms'], refrac: [2, 'ms'] },
  state: { v: 0, c: 0 },
  step: 'c += input',
  derivatives: { v: '(drive - v + c) / tcDecay', c: '-c / tcCurrent' },
  spike: 'v > thresh',
  reset: 'v = reset',
  refractory: { period: 'refrac', holds: ['v'], next: 'brian' },
});

const delayed: Reader = {
  fits: ({ about, equations = '' }) => about.includes('own delay') && equations.includes('I0'),
  build(of, arithmetic) {
    const dt = of.number('dt_ms');
    const [source, target, steps] = ['source', 'target', 'delay_steps'].map((file) =>
      Array.from(of.read(file).data, Number),
    );
    // Brian's delay of d steps is seen by the update after step t + d.
    const delay = steps.map((d) => (d + 1) * dt);
    const network = new Network<Precision>({ ...arithmetic, dt })
      .addLayer(
        'Y',
        new DrivenLIF({
          shape: of.meta.packed.spikes,
          drive: of.floats('drive'),
          thresh: of.number('threshold'),
          reset: of.number('reset'),
          tcDecay: of.match('equations', /\+ c\)\/\((\d+)\*ms\)/),
          tcCurrent: of.match('equations', /-c\/\((\d+)\*ms\)/),
          refrac: of.number('refractory_ms'),
        }),
      )
      .addConnection(
        'Y',
        'Y',
        new SparseConnection({ pairs: { source, target }, w: of.floats('weights'), delay }),
      );
    return { network, hasInput: false, recorded: { v: 'v' } };
  },
};

/** A leaky neuron that an exponential current drives. */
const ExactLIF = defineNeuron({
  name: 'ExactLIF',
  parameters: { thresh: 1, reset: 0, tcDecay: [10, 'ms'], tcCurrent: [30, 'ms'], refrac: [2, 'ms'] },
  state: { v: 0, current: 0 },
  step: 'current += input',
  derivatives: { v: '(current - v) / tcDecay', current: '-current / tcCurrent' },
  method: 'exact',
  spike: 'v > thresh',
  reset: 'v = reset',
  refractory: { period: 'refrac', holds: ['v'], next: 'brian' },
});

const exact: Reader = {
  fits: ({ about }) => about.includes('integrated exactly'),
  build(of, arithmetic) {
    const network = new Network<Precision>({ ...arithmetic, dt: of.number('dt_ms') })
      .addLayer('X', new Input({ shape: of.meta.packed.input }))
      .addLayer(
        'Y',
        new ExactLIF({
          shape: of.meta.packed.spikes,
          thresh: of.number('threshold'),
          reset: of.number('reset'),
          tcDecay: of.number('tau_ms'),
          tcCurrent: of.number('tau_current_ms'),
          refrac: of.number('refractory_ms'),
        }),
      )
      .addConnection('X', 'Y', new Connection({ w: of.weights('weights') }));
    return { network, hasInput: true, recorded: { v: 'v', current: 'current' } };
  },
};

const readers = [exact, conductances, adaptiveConductances, cuba, delayed];

/** Why a case is not run here. */
function explain({ about, equations = '', on_source }: Meta): string | null {
  if (equations.includes('exp((v - VT)')) return 'AdEx: in defined-neurons.test.ts';
  if (on_source !== undefined) return 'a learning rule of its own';
  if (about.includes('short-term plasticity')) return 'short-term plasticity: short-term-plasticity.test.ts';
  return null;
}

const cases = walkCases('brian', { marker: 'meta.json' });

describeCases(cases, ({ folder }) => {
  const meta = folder === undefined ? null : (readMeta(folder) as Meta);
  const reader = meta && readers.find(({ fits }) => fits(meta));
  const reason = meta && explain(meta);
  it.skipIf(meta === null || (!reader && reason !== null)).each(arithmetics)(
    `has every spike, and states as near as float32 lets them, on %s${reader ? '' : ` (not yet: ${reason})`}`,
    async (_, arithmetic) => {
      const of = new Case(folder);
      const { steps, packed, float32_rerun: rerun } = of.meta;
      const { network, hasInput, recorded } = (reader as Reader).build(of, arithmetic);
      const monitor = new Monitor<Precision>({
        variables: ['spikes', ...Object.values(recorded)],
        precision: arithmetic.precision,
      });
      network.addMonitor('Y', monitor);
      const X = hasInput && spikeTrainFromRaster(of.raster('input'), steps, packed.input);
      await network.run(X ? { X } : {}, { time: steps });
      const spikes = of.raster('spikes');
      const wrong = monitor.get('spikes').data.findIndex((spike, at) => spike !== spikes[at]);
      expect(wrong).toBe(-1);
      for (const [file, variable] of Object.entries(recorded)) {
        const theirs = of.floats(file);
        const width = theirs.length / steps;
        const { data, size } = monitor.get(variable);
        const off = theirs.map((value, at) =>
          Math.abs(value - data[Math.floor(at / width) * size + (at % width)]),
        );
        const magnitude = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        const own = arithmetic.precision === 'double' || rerun[file] === 'equal' ? 0 : rerun[file];
        const largest = off.reduce((most, value) => Math.max(most, value), 0);
        expect([file, largest <= Math.max(10 * own, 1e-6 * magnitude), largest]).toEqual([
          file,
          true,
          largest,
        ]);
      }
      network.dispose();
    },
  );
});
