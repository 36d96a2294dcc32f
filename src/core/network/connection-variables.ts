/** What connections have beside their weights: biases, rates, traces and state of their rule, state of their synapse model. */
import { LocusError, unknownName } from '../../errors.js';
import type { SynapseProgram } from './program.js';

/** Whose values they are: of the neurons at one end, or of every synapse. */
export type Owner = 'source' | 'target' | 'synapse';

type VariablesOf = Pick<SynapseProgram, 'compiledRule' | 'compiledSynapse'> &
  Partial<Pick<SynapseProgram, 'bias' | 'wiring'>>;

/** Variables of a connection, by name. */
export function ownersOf({ compiledRule, compiledSynapse, bias, wiring }: VariablesOf): Map<string, Owner> {
  return new Map<string, Owner>([
    ...(bias ? [['bias', 'target'] as const] : []),
    ...(wiring?.delivery?.kind === 'max' ? [['rate', 'source'] as const] : []),
    ...(compiledRule?.traces ?? []).map(({ name, of }) => [name, of] as const),
    ...[...(compiledRule?.synapse.keys() ?? [])].map((name) => [name, 'synapse'] as const),
    ...[...(compiledSynapse?.state ?? [])].map(([name, { of }]) => [name, of] as const),
  ]);
}

/** @throws LocusError `UNKNOWN_NAME` with what there is */
export function ownerOf(connection: SynapseProgram, variable: string): Owner {
  const owners = ownersOf(connection);
  const owner = owners.get(variable);
  if (owner === undefined) {
    const known = [...owners.keys()];
    throw unknownName(`Network connection ${connection.name}`, 'variable of the connection', variable, known);
  }
  return owner;
}

/** @throws LocusError `NAME_TAKEN` where the rule and the synapse model of a connection have a variable of one name */
export function checkVariables(
  connection: Pick<SynapseProgram, 'compiledRule' | 'compiledSynapse'>,
  place: string,
): void {
  const { compiledRule, compiledSynapse } = connection;
  const ofRule = ownersOf({ compiledRule, compiledSynapse: null });
  const twice = [...(compiledSynapse?.state.keys() ?? [])].find((name) => ofRule.has(name));
  if (twice === undefined) return;
  throw new LocusError(
    'NAME_TAKEN',
    `${place}: ${twice} is state of ${compiledSynapse?.name} and a variable of the rule; rename one of them`,
  );
}
