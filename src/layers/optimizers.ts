/** Optimisers: they change parameters by their gradients. */
import { invalidArgument } from '../errors.js';
import { instance, list, number, pair, readOptions, required, type Schema } from '../options.js';
import { Parameter } from './layer.js';
import { makeData, type TensorData } from './tensor.js';

/** What an optimiser carries from step to step, for checkpoints. */
export interface OptimizerState {
  readonly rate: number;
  readonly steps: number;
  /** Two arrays per parameter for Adam, one for SGD. */
  readonly moments: readonly TensorData[];
}

export interface Optimizer {
  /** Learning rate. */
  rate: number;
  readonly parameters: readonly Parameter[];
  step(): void;
  clearGradients(): void;
  save(): OptimizerState;
  /** Errors: `INVALID_ARGUMENT` where the state is of other parameters. */
  restore(state: OptimizerState): void;
}

export const learningRate = number({ least: 0 });
export const momentumField = number({ least: 0, below: 1 });

abstract class MomentOptimizer implements Optimizer {
  rate: number;
  protected steps = 0;
  protected readonly moments: TensorData[];

  constructor(
    readonly parameters: readonly Parameter[],
    rate: number,
    private readonly place: string,
    private readonly momentsPerParameter: number,
  ) {
    this.rate = rate;
    list(instance(Parameter))(place, 'parameters', parameters);
    this.moments = parameters.flatMap(({ value }) =>
      Array.from({ length: momentsPerParameter }, () => makeData(value.data.length, value.data)),
    );
  }

  step(): void {
    this.steps += 1;
    this.parameters.forEach(({ value, gradient }, index) => {
      const at = index * this.momentsPerParameter;
      this.update(value.data, gradient.data, this.moments.slice(at, at + this.momentsPerParameter));
    });
  }

  protected abstract update(value: TensorData, gradient: TensorData, moments: readonly TensorData[]): void;

  clearGradients(): void {
    for (const parameter of this.parameters) parameter.clearGradient();
  }

  save(): OptimizerState {
    return { rate: this.rate, steps: this.steps, moments: this.moments.map((moment) => moment.slice()) };
  }

  restore({ rate, steps, moments }: OptimizerState): void {
    const fits =
      moments.length === this.moments.length &&
      moments.every((moment, i) => moment.length === this.moments[i].length);
    if (!fits)
      throw invalidArgument(
        this.place,
        `the moments of ${this.parameters.length} parameters`,
        moments.length,
      );
    this.rate = rate;
    this.steps = steps;
    moments.forEach((moment, i) => this.moments[i].set(moment));
  }
}

export interface AdamOptions {
  /** Learning rate. Default: 0.001. */
  readonly rate?: number;
  /** Decay of the first and second moment. Default: 0.9, 0.999. */
  readonly betas?: readonly [number, number];
  /** Default: 1e-8. */
  readonly eps?: number;
}

const adamSchema: Schema<AdamOptions> = {
  rate: learningRate,
  betas: pair({ least: 0, below: 1 }),
  eps: number({ least: 0 }),
};

/** Source: Kingma & Ba, "Adam: a method for stochastic optimization", 2015. */
export class Adam extends MomentOptimizer {
  readonly #betas: readonly [number, number];
  readonly #eps: number;

  /** Errors: `INVALID_ARGUMENT`. */
  constructor(parameters: readonly Parameter[], given: AdamOptions = {}) {
    const options = readOptions('Adam', adamSchema, given);
    super(parameters, options.rate ?? 0.001, 'Adam', 2);
    this.#betas = options.betas ?? [0.9, 0.999];
    this.#eps = options.eps ?? 1e-8;
  }

  protected override update(
    value: TensorData,
    gradient: TensorData,
    [first, second]: readonly TensorData[],
  ): void {
    const [beta1, beta2] = this.#betas;
    const stepSize = this.rate / (1 - beta1 ** this.steps);
    const root = Math.sqrt(1 - beta2 ** this.steps);
    for (let i = 0; i < value.length; i++) {
      const g = gradient[i];
      first[i] = beta1 * first[i] + (1 - beta1) * g;
      second[i] = beta2 * second[i] + (1 - beta2) * g * g;
      value[i] -= (stepSize * first[i]) / (Math.sqrt(second[i]) / root + this.#eps);
    }
  }
}

export interface SgdOptions {
  /** Learning rate. */
  readonly rate: number;
  /** Default: 0. */
  readonly momentum?: number;
}

const sgdSchema: Schema<SgdOptions> = { rate: required(learningRate), momentum: momentumField };

/** Stochastic gradient descent; with momentum the velocity starts as the first gradient. */
export class SGD extends MomentOptimizer {
  readonly #momentum: number;

  /** Errors: `INVALID_ARGUMENT`. */
  constructor(parameters: readonly Parameter[], options: SgdOptions) {
    const { rate, momentum = 0 } = readOptions('SGD', sgdSchema, options);
    super(parameters, rate, 'SGD', 1);
    this.#momentum = momentum;
  }

  protected override update(
    value: TensorData,
    gradient: TensorData,
    [velocity]: readonly TensorData[],
  ): void {
    for (let i = 0; i < value.length; i++) {
      velocity[i] = this.#momentum * velocity[i] + gradient[i];
      value[i] -= this.rate * velocity[i];
    }
  }
}
