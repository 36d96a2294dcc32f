/** Closed forms of what one pair of spikes changes, where one is known: of a weight of 0.5 within 0 and 1, at a reward of 1. */

/** Parameters in mV, ms and pA. */
type Parameters = Readonly<Record<string, number>>;

export interface ClosedForm {
  /** Where the target spikes `s` ms after the source, and where it spikes before. */
  readonly after: string;
  readonly before: string;
  /** @param s time of the target's spike minus that of the source's [ms], not 0 */
  readonly at: (s: number, parameters: Parameters) => number;
}

/** Time constant of the traces of layers [ms]. */
const layerTrace = 20;

const decay = (s: number, tc = layerTrace) => Math.exp(-Math.abs(s) / tc);

/** Sum over all later steps of 1 ms of what is left of an eligibility of 1. */
const collected = (tc: number) => 1 / tc / (1 - Math.exp(-1 / tc));

export const closedForms: Readonly<Record<string, ClosedForm>> = {
  Hebbian: {
    after: '\\nu_{\\mathrm{post}} \\thinspace e^{-s / \\tau}',
    before: '\\nu_{\\mathrm{pre}} \\thinspace e^{s / \\tau}',
    at: (s, { nuPre, nuPost }) => (s > 0 ? nuPost : nuPre) * decay(s),
  },
  MSTDP: {
    after: '\\nu \\thinspace a_{\\mathrm{plus}} \\thinspace e^{-s / \\tau_{\\mathrm{plus}}}',
    before: '\\nu \\thinspace a_{\\mathrm{minus}} \\thinspace e^{s / \\tau_{\\mathrm{minus}}}',
    at: (s, { nu, aPlus, aMinus, tcPlus, tcMinus }) =>
      nu * (s > 0 ? aPlus * decay(s, tcPlus) : aMinus * decay(s, tcMinus)),
  },
  MSTDPET: {
    after:
      '\\frac{\\nu \\thinspace \\Delta t / \\tau_{\\mathrm{eligibility}}}{1 - e^{-\\Delta t / \\tau_{\\mathrm{eligibility}}}} \\thinspace a_{\\mathrm{plus}} \\thinspace e^{-s / \\tau_{\\mathrm{plus}}}',
    before:
      '\\frac{\\nu \\thinspace \\Delta t / \\tau_{\\mathrm{eligibility}}}{1 - e^{-\\Delta t / \\tau_{\\mathrm{eligibility}}}} \\thinspace a_{\\mathrm{minus}} \\thinspace e^{s / \\tau_{\\mathrm{minus}}}',
    at: (s, { nu, aPlus, aMinus, tcPlus, tcMinus, tcEligibility }) =>
      nu * collected(tcEligibility) * (s > 0 ? aPlus * decay(s, tcPlus) : aMinus * decay(s, tcMinus)),
  },
  Oja: {
    after: '\\nu \\thinspace e^{-s / \\tau}',
    before: '0',
    at: (s, { nu, tc }) => (s > 0 ? nu * decay(s, tc) : 0),
  },
  PostPre: {
    after: '\\nu_{\\mathrm{post}} \\thinspace e^{-s / \\tau}',
    before: '-\\nu_{\\mathrm{pre}} \\thinspace e^{s / \\tau}',
    at: (s, { nuPre, nuPost }) => (s > 0 ? nuPost : -nuPre) * decay(s),
  },
  Rmax: {
    after: '\\nu \\thinspace \\frac{\\tau_{\\mathrm{eligibility}}}{\\Delta t} \\thinspace e^{-s / \\tau}',
    before: '0',
    at: (s, { nu, tcEligibility }) => (s > 0 ? nu * tcEligibility * decay(s) : 0),
  },
  TripletStdp: {
    after: 'a_{2, \\mathrm{plus}} \\thinspace e^{-s / \\tau_{\\mathrm{plus}}}',
    before: '-a_{2, \\mathrm{minus}} \\thinspace e^{s / \\tau_{\\mathrm{minus}}}',
    at: (s, { a2Plus, a2Minus, tcPlus, tcMinus }) =>
      s > 0 ? a2Plus * decay(s, tcPlus) : -a2Minus * decay(s, tcMinus),
  },
  VogelsSprekeler: {
    after: '\\eta \\thinspace \\left(e^{-s / \\tau} - 2 \\thinspace \\mathrm{rate} \\thinspace \\tau\\right)',
    before: '\\eta \\thinspace \\left(e^{s / \\tau} - 2 \\thinspace \\mathrm{rate} \\thinspace \\tau\\right)',
    at: (s, { eta, rate, tc }) => eta * (decay(s, tc) - 2 * rate * tc),
  },
  WeightDependentPostPre: {
    after:
      '\\nu_{\\mathrm{post}} \\thinspace e^{-s / \\tau} \\thinspace \\left(w_{\\mathrm{max}} - w\\right)',
    before:
      '-\\nu_{\\mathrm{pre}} \\thinspace e^{s / \\tau} \\thinspace \\left(w - w_{\\mathrm{min}}\\right)',
    at: (s, { nuPre, nuPost }) => 0.5 * (s > 0 ? nuPost : -nuPre) * decay(s),
  },
};
