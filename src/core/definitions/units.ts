/** Units of parameters and state: what dimension they have, and how many of Locus' own units (mV, ms, pA) they are. */
import { invalidArgument, suggestName } from '../../errors.js';

/** Powers of voltage, time and current. */
export interface Dimension {
  readonly volt: number;
  readonly time: number;
  readonly current: number;
}

export interface Unit {
  readonly dimension: Dimension;
  /** One of this unit in mV, ms and pA: 1 nA is 1000, 1 nS is 1 pA / mV. */
  readonly scale: number;
}

const prefixes = { '': 1, m: 1e-3, u: 1e-6, µ: 1e-6, n: 1e-9, p: 1e-12, k: 1e3, M: 1e6, G: 1e9 };

/** One of each in mV, ms and pA. */
const bases: Readonly<Record<string, Unit>> = {
  V: { dimension: { volt: 1, time: 0, current: 0 }, scale: 1e3 },
  s: { dimension: { volt: 0, time: 1, current: 0 }, scale: 1e3 },
  A: { dimension: { volt: 0, time: 0, current: 1 }, scale: 1e12 },
  S: { dimension: { volt: -1, time: 0, current: 1 }, scale: 1e9 },
  F: { dimension: { volt: -1, time: 1, current: 1 }, scale: 1e12 },
  Ohm: { dimension: { volt: 1, time: 0, current: -1 }, scale: 1e-9 },
  Hz: { dimension: { volt: 0, time: -1, current: 0 }, scale: 1e-3 },
};

export const dimensionless: Dimension = { volt: 0, time: 0, current: 0 };

const known = Object.keys(bases).flatMap((base) => Object.keys(prefixes).map((prefix) => prefix + base));

/**
 * The unit that a text names: `mV`, `1/ms`, `nS*mV`.
 *
 * @param place names the parameter in errors
 * @throws LocusError with a suggestion for a unit that there is not
 */
export function parseUnit(text: string, place: string): Unit {
  if (typeof text !== 'string') throw invalidArgument(place, 'a unit such as mV, nS or 1/ms', text);
  const factors = [...text.matchAll(/([*/]?)\s*([^*/\s]+)\s*/g)];
  if (factors.map(([all]) => all).join('') !== text.trim() || factors.length === 0 || factors[0][1] !== '') {
    throw invalidArgument(place, 'a unit such as mV, nS or 1/ms', text);
  }
  return factors.reduce<Unit>(
    (unit, [, operator, name]) => {
      const factor = name === '1' ? { dimension: dimensionless, scale: 1 } : findUnit(name, place);
      const power = operator === '/' ? -1 : 1;
      return {
        dimension: multiply(unit.dimension, raise(factor.dimension, power)),
        scale: unit.scale * factor.scale ** power,
      };
    },
    { dimension: dimensionless, scale: 1 },
  );
}

function findUnit(name: string, place: string): Unit {
  for (const [base, { dimension, scale }] of Object.entries(bases)) {
    const prefix = name.slice(0, -base.length);
    if (prefix + base !== name || !Object.hasOwn(prefixes, prefix)) continue;
    // Rounded, so that 1 pS is 0.001 and not 0.0010000000000000002.
    const inOwn = scale * prefixes[prefix as keyof typeof prefixes];
    return { dimension, scale: Number(inOwn.toPrecision(12)) };
  }
  throw invalidArgument(place, `a known unit.${suggestName(name, known)}`, name);
}

export function multiply(a: Dimension, b: Dimension): Dimension {
  return { volt: a.volt + b.volt, time: a.time + b.time, current: a.current + b.current };
}

export function raise(a: Dimension, power: number): Dimension {
  return { volt: a.volt * power, time: a.time * power, current: a.current * power };
}

export function isSame(a: Dimension, b: Dimension): boolean {
  return a.volt === b.volt && a.time === b.time && a.current === b.current;
}

/** In Locus' own units: `mV`, `pA/mV`, `1`. */
export function formatDimension({ volt, time, current }: Dimension): string {
  const parts = [
    ['pA', current],
    ['mV', volt],
    ['ms', time],
  ] as const;
  const join = (sign: number) =>
    parts
      .filter(([, power]) => power * sign > 0)
      .map(([name, power]) => (Math.abs(power) === 1 ? name : `${name}^${Math.abs(power)}`));
  const [above, below] = [join(1), join(-1)];
  return [above.join('*') || '1', ...below].join('/');
}
