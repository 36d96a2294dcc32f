/**
 * The kernels of the GPU engine: plain functions whose text gpu.js translates to WGSL or WebAssembly, so each stands alone (no
 * imports, no module constants, no arrow functions), and a thread returns the one number at its place of the output.
 *
 * State of a layer of neurons is one array [image, row, filter]: rows 0 … P − 1 hold the voltage of each position before the
 * reset that a spike brings, rows P … 2P − 1 what was known one step earlier: 4096 · spikes + steps since the last spike
 * (4095: none yet).  Whether a neuron has spiked is decided where it is asked: voltage ≥ threshold.
 *
 * `Math.min(product, 1e30)` keeps a compiler from fusing the product with the sum around it, which would round once instead of
 * twice and give other spikes than the reference engine.
 */

interface Thread {
  readonly thread: { readonly x: number; readonly y: number; readonly z: number };
}

interface WithConstants<C> extends Thread {
  readonly constants: Readonly<C>;
}

type Array1 = ArrayLike<number>;
type Array2 = ArrayLike<Array1>;
type Array3 = ArrayLike<Array2>;

export interface NeuronKernelConstants {
  nPositions: number;
  nFilters: number;
  decay: number;
  rest: number;
  reset: number;
  resetDrop: number;
  thresh: number;
  /** Steps after a spike in which input is ignored. */
  refracSteps: number;
}

export interface AdvanceConstants extends NeuronKernelConstants {
  /** 0: no competition; 1: uniform; 2: weights of its own. */
  competition: number;
  uniformWeight: number;
}

/**
 * One step of all neurons: [image, row, filter].
 *
 * @param tally spikes of the step before [image, position], with the step's number behind the last position
 * @param offsets [image, position, step]: where the events that reach this step begin in `rows`
 * @param rows weight rows of the inputs that spiked one step before, ascending by input
 */
function advance(
  this: WithConstants<AdvanceConstants>,
  state: Array3,
  tally: Array2,
  offsets: Array3,
  rows: Array1,
  theta: Array2,
  weights: Array2,
  lateral: Array2,
): number {
  const filter = this.thread.x;
  const image = this.thread.z;
  let position = this.thread.y;
  if (this.thread.y >= this.constants.nPositions) {
    position = this.thread.y - this.constants.nPositions;
  }
  const before = state[image][position][filter];
  const code = state[image][position + this.constants.nPositions][filter];
  let count = Math.floor(code * 0.000244140625);
  let age = code - 4096 * count;
  let spiked = 0;
  if (before >= this.constants.thresh + theta[position][filter]) {
    spiked = 1;
    count = count + 1;
    age = 0;
  } else if (age < 4094) {
    age = age + 1;
  }
  if (this.thread.y >= this.constants.nPositions) {
    return 4096 * count + age;
  }
  let voltage = before;
  if (spiked === 1) {
    voltage = this.constants.reset;
    if (this.constants.resetDrop > 0) {
      voltage = before - this.constants.resetDrop;
    }
  }
  voltage = Math.min(this.constants.decay * (voltage - this.constants.rest), 1e30) + this.constants.rest;
  if (age >= this.constants.refracSteps) {
    const step = tally[image][this.constants.nPositions];
    const first = offsets[image][position][step];
    const end = offsets[image][position][step + 1];
    let input = 0.0;
    for (let event = first; event < end; event += 1) {
      input = input + weights[rows[event]][filter];
    }
    const rivals = tally[image][position];
    if (rivals > 0) {
      if (this.constants.competition === 1) {
        input = input + Math.min(this.constants.uniformWeight * (rivals - spiked), 1e30);
      }
      if (this.constants.competition === 2) {
        for (let rival = 0; rival < this.constants.nFilters; rival++) {
          if (state[image][position][rival] >= this.constants.thresh + theta[position][rival]) {
            input = input + lateral[position * this.constants.nFilters + rival][filter];
          }
        }
      }
    }
    voltage = voltage + input;
  }
  return voltage;
}

/**
 * What reaches defined neurons in a step, whose own step is printed from their equations: [image, position, filter].
 *
 * @param theta nothing but padding: see plan-defined.ts
 */
function gatherInput(
  this: WithConstants<AdvanceConstants>,
  state: Array3,
  tally: Array2,
  offsets: Array3,
  rows: Array1,
  theta: Array2,
  weights: Array2,
  lateral: Array2,
): number {
  const filter = this.thread.x;
  const position = this.thread.y;
  const image = this.thread.z;
  const step = tally[image][this.constants.nPositions];
  const first = offsets[image][position][step];
  const end = offsets[image][position][step + 1];
  let input = 0.0;
  for (let event = first; event < end; event += 1) {
    input = input + weights[rows[event]][filter];
  }
  const rivals = tally[image][position];
  if (rivals > 0) {
    if (this.constants.competition === 1) {
      const spiked = state[image][position][filter];
      input = input + Math.min(this.constants.uniformWeight * (rivals - spiked), 1e30);
    }
    if (this.constants.competition === 2) {
      for (let rival = 0; rival < this.constants.nFilters; rival++) {
        if (state[image][position][rival] >= this.constants.thresh + theta[position][rival]) {
          input = input + lateral[position * this.constants.nFilters + rival][filter];
        }
      }
    }
  }
  return input;
}

/** The state with which an image begins that is shown behind another: what is persistent goes on [image, row, filter]. */
function renewState(this: WithConstants<{ nRenewedRows: number }>, initial: Array3, last: Array3): number {
  let value = last[this.thread.z][this.thread.y][this.thread.x];
  if (this.thread.y < this.constants.nRenewedRows) {
    value = initial[this.thread.z][this.thread.y][this.thread.x];
  }
  return value;
}

/** Spikes at each position after a step, and behind the last position the number of steps done: [image, position]. */
function tallySpikes(
  this: WithConstants<NeuronKernelConstants>,
  state: Array3,
  theta: Array2,
  tally: Array2,
): number {
  const position = this.thread.x;
  const image = this.thread.y;
  let sum = 0.0;
  if (position === this.constants.nPositions) {
    sum = tally[image][position] + 1;
  }
  if (position < this.constants.nPositions) {
    for (let filter = 0; filter < this.constants.nFilters; filter++) {
      if (state[image][position][filter] >= this.constants.thresh + theta[position][filter]) {
        sum = sum + 1;
      }
    }
  }
  return sum;
}

/** Spikes of every neuron since the image began: [image, position, filter]. */
function countSpikes(this: WithConstants<NeuronKernelConstants>, state: Array3, theta: Array2): number {
  const filter = this.thread.x;
  const position = this.thread.y;
  const image = this.thread.z;
  let count = Math.floor(state[image][position + this.constants.nPositions][filter] * 0.000244140625);
  if (state[image][position][filter] >= this.constants.thresh + theta[position][filter]) {
    count = count + 1;
  }
  return count;
}

/** The tally with which an image begins that is shown behind another: nothing has spiked, the number of steps goes on. */
function forgetSpikes(this: WithConstants<{ nPositions: number }>, tally: Array2): number {
  let kept = 0.0;
  if (this.thread.x === this.constants.nPositions) {
    kept = tally[this.thread.y][this.thread.x];
  }
  return kept;
}

export interface AdaptConstants extends NeuronKernelConstants {
  nMembers: number;
  thetaPlus: number;
  thetaDecay: number;
}

/** Adaptive thresholds as a step compares with them: grown by the spikes of the step before, then decayed [position, filter]. */
function adaptThresholds(this: WithConstants<AdaptConstants>, theta: Array2, state: Array3): number {
  const filter = this.thread.x;
  const position = this.thread.y;
  const before = theta[position][filter];
  let spikes = 0.0;
  for (let member = 0; member < this.constants.nMembers; member++) {
    if (state[member][position][filter] >= this.constants.thresh + before) {
      spikes = spikes + 1;
    }
  }
  return (before + Math.min(this.constants.thetaPlus * spikes, 1e30)) * this.constants.thetaDecay;
}

export interface LearnConstants extends NeuronKernelConstants {
  nMembers: number;
  /** Of what the members add: 1 / nMembers, or 1 for their sum. */
  share: number;
  weightDecay: number;
  wMin: number;
  wMax: number;
  /** [2, 4096]: nuPre times the target's trace, nuPost times the source's trace, so many steps after its spike. */
  products: Array2;
}

export interface LearnForwardConstants extends LearnConstants {
  nRows: number;
  /** nRows + 1 places in the list of pairs, then the pairs (source, position) that share each row, ascending by source. */
  fanIn: Array1;
}

/**
 * Pair-based STDP of the weights from the inputs, then clamping: [row, filter].
 *
 * @param ages [member, step, source]: steps since a source's last spike, 0: it spikes now, 4095: it has not yet
 */
function learnForward(
  this: WithConstants<LearnForwardConstants>,
  weights: Array2,
  state: Array3,
  theta: Array2,
  tally: Array2,
  ages: Array3,
): number {
  const filter = this.thread.x;
  const row = this.thread.y;
  const step = tally[0][this.constants.nPositions];
  const first = this.constants.fanIn[row];
  const end = this.constants.fanIn[row + 1];
  let weight = weights[row][filter];
  let targets = 0.0;
  for (let entry = first; entry < end; entry += 1) {
    const source = this.constants.fanIn[this.constants.nRows + 1 + 2 * entry];
    const position = this.constants.fanIn[this.constants.nRows + 2 + 2 * entry];
    const threshold = this.constants.thresh + theta[position][filter];
    let change = 0.0;
    for (let member = 0; member < this.constants.nMembers; member++) {
      let age = 0.0;
      if (state[member][position][filter] >= threshold) {
        targets = targets + 1;
      } else {
        const code = state[member][position + this.constants.nPositions][filter];
        age = code - 4096 * Math.floor(code * 0.000244140625);
        if (age < 4094) {
          age = age + 1;
        }
      }
      if (ages[member][step][source] === 0) {
        change = change + this.constants.products[0][age];
      }
    }
    weight = weight - Math.min(change * this.constants.share, 1e30);
  }
  if (targets > 0) {
    for (let entry = first; entry < end; entry += 1) {
      const source = this.constants.fanIn[this.constants.nRows + 1 + 2 * entry];
      const position = this.constants.fanIn[this.constants.nRows + 2 + 2 * entry];
      const threshold = this.constants.thresh + theta[position][filter];
      let change = 0.0;
      for (let member = 0; member < this.constants.nMembers; member++) {
        if (state[member][position][filter] >= threshold) {
          const age = ages[member][step][source];
          change = change + this.constants.products[1][age];
        }
      }
      weight = weight + Math.min(change * this.constants.share, 1e30);
    }
  }
  weight = weight - this.constants.weightDecay;
  return Math.min(this.constants.wMax, Math.max(this.constants.wMin, weight));
}

/** Pair-based STDP of trained competition, then clamping; none onto itself: [position · nFilters + source, filter]. */
function learnLateral(
  this: WithConstants<LearnConstants>,
  weights: Array2,
  state: Array3,
  theta: Array2,
): number {
  const filter = this.thread.x;
  const row = this.thread.y;
  const position = Math.floor((row + 0.5) / this.constants.nFilters);
  const source = row - position * this.constants.nFilters;
  const threshold = this.constants.thresh + theta[position][filter];
  const sourceThreshold = this.constants.thresh + theta[position][source];
  let weight = weights[row][filter];
  let lowered = 0.0;
  let raised = 0.0;
  for (let member = 0; member < this.constants.nMembers; member++) {
    let age = 0.0;
    let sourceAge = 0.0;
    if (state[member][position][filter] < threshold) {
      const code = state[member][position + this.constants.nPositions][filter];
      age = code - 4096 * Math.floor(code * 0.000244140625);
      if (age < 4094) {
        age = age + 1;
      }
    }
    if (state[member][position][source] < sourceThreshold) {
      const code = state[member][position + this.constants.nPositions][source];
      sourceAge = code - 4096 * Math.floor(code * 0.000244140625);
      if (sourceAge < 4094) {
        sourceAge = sourceAge + 1;
      }
    }
    if (sourceAge === 0) {
      lowered = lowered + this.constants.products[0][age];
    }
    if (age === 0) {
      raised = raised + this.constants.products[1][sourceAge];
    }
  }
  weight = weight - Math.min(lowered * this.constants.share, 1e30);
  weight = weight + Math.min(raised * this.constants.share, 1e30);
  weight = weight - this.constants.weightDecay;
  weight = Math.min(this.constants.wMax, Math.max(this.constants.wMin, weight));
  if (source === filter) {
    weight = 0.0;
  }
  return weight;
}

export interface NormalizeConstants extends NeuronKernelConstants {
  nMembers: number;
  groupRows: number;
  /** Whether a group is one position (1), or all positions share one group (0). */
  groupIsPosition: number;
  /** The norm in two float32 numbers: its rounding, and the rest. */
  norm: number;
  normRest: number;
}

/**
 * What the weights onto each target are to be multiplied by, or −1 where they stay as they are because nothing has changed
 * them: [group, filter].  Sum and quotient are as good as float64: two numbers hold each.
 *
 * @param before the weights that the image met
 * @param everyColumn one number, 1: all are normalised
 */
function columnFactors(
  this: WithConstants<NormalizeConstants>,
  weights: Array2,
  before: Array2,
  state: Array3,
  theta: Array2,
  everyColumn: Array1,
): number {
  const filter = this.thread.x;
  const group = this.thread.y;
  let changed = everyColumn[0];
  for (let position = 0; position < this.constants.nPositions; position++) {
    if (this.constants.groupIsPosition === 0 || position === group) {
      for (let member = 0; member < this.constants.nMembers; member++) {
        const code = state[member][position + this.constants.nPositions][filter];
        const age = code - 4096 * Math.floor(code * 0.000244140625);
        if (age < 4095) {
          changed = 1;
        }
        if (state[member][position][filter] >= this.constants.thresh + theta[position][filter]) {
          changed = 1;
        }
      }
    }
  }
  let sum = 0.0;
  let rest = 0.0;
  for (let i = 0; i < this.constants.groupRows; i++) {
    const row = group * this.constants.groupRows + i;
    const weight = weights[row][filter];
    if (weight !== before[row][filter]) {
      changed = 1;
    }
    const size = Math.abs(weight);
    const next = sum + size;
    const added = next - sum;
    rest = rest + (sum - (next - added) + (size - added));
    sum = next;
  }
  let factor = -1.0;
  if (changed === 1 && sum !== 0) {
    const total = sum + rest;
    const low = sum - total + rest;
    const quotient = this.constants.norm / total;
    const quotientSplit = Math.min(4097 * quotient, 1e30);
    const quotientHigh = quotientSplit - (quotientSplit - quotient);
    const quotientLow = quotient - quotientHigh;
    const totalSplit = Math.min(4097 * total, 1e30);
    const totalHigh = totalSplit - (totalSplit - total);
    const totalLow = total - totalHigh;
    const product = Math.min(quotient * total, 1e30);
    let error = Math.min(quotientHigh * totalHigh, 1e30) - product;
    error = error + Math.min(quotientHigh * totalLow, 1e30);
    error = error + Math.min(quotientLow * totalHigh, 1e30);
    error = error + Math.min(quotientLow * totalLow, 1e30);
    const missing =
      this.constants.norm - product - error + (this.constants.normRest - Math.min(quotient * low, 1e30));
    const refined = quotient + missing / total;
    // Of a sum that is infinite, or no number, there is nothing to refine.
    factor = this.constants.norm / sum;
    if (refined >= 0) {
      factor = refined;
    }
  }
  return factor;
}

/** The weights with their columns scaled: [row, filter]. */
function scaleColumns(this: WithConstants<{ groupRows: number }>, weights: Array2, factors: Array2): number {
  const filter = this.thread.x;
  const row = this.thread.y;
  const group = Math.floor((row + 0.5) / this.constants.groupRows);
  const factor = factors[group][filter];
  let weight = weights[row][filter];
  if (factor !== -1) {
    weight = weight * factor;
  }
  return weight;
}

export const kernels = {
  adaptThresholds,
  advance,
  columnFactors,
  countSpikes,
  forgetSpikes,
  gatherInput,
  learnForward,
  learnLateral,
  renewState,
  scaleColumns,
  tallySpikes,
};
