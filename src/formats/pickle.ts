/** Reads one Python pickle as plain data: it names classes and functions, but what they build is decided elsewhere. */
import type { ByteCursor } from './byte-cursor.js';
import { damaged, damagedAs, foreign } from './damaged.js';
import { nameRefusedOpcode, opcodes } from './pickle-opcodes.js';
import type { TorchValue } from './torch-value.js';
import { isKind } from './torch-value.js';

/** Decides what a pickle may name and what comes of it. Every method throws a LocusError if it refuses. */
export interface PickleBuilder {
  /** Whether `name`, as `module.attribute`, is on the closed list. */
  allows(name: string): boolean;
  /** What an allowed function returns. */
  call(name: string, args: readonly TorchValue[], where: string): TorchValue;
  /** A new, empty instance of an allowed class. */
  create(name: string, args: readonly TorchValue[], where: string): TorchValue;
  /** Gives an instance its state. */
  build(target: TorchValue, state: TorchValue, where: string): void;
  /** What stands outside the pickle under an identifier. */
  resolve(identifier: TorchValue, where: string): TorchValue;
}

/** A real network's pickle has 2,000 instructions, 440 remembered values and a nesting of 12. */
export const limits = { instructions: 1_000_000, stack: 10_000, memo: 100_000, nesting: 200, name: 200 };

/**
 * The value of the pickle at the cursor, which is left behind its end. Protocol 2 as the original program wrote it: any
 * other instruction is refused by name.
 *
 * @throws LocusError `FOREIGN_CONTENT` for a name that the builder does not allow, `DATA_CORRUPT` for anything else
 */
export function readPickle(cursor: ByteCursor, builder: PickleBuilder): TorchValue {
  const machine = new PickleMachine(cursor, builder);
  for (let count = 0; count < limits.instructions; count += 1) {
    const where = cursor.here;
    const code = cursor.uint8();
    if (code === opcodes.STOP) return machine.finish(where);
    const run = instructions.get(code);
    if (run === undefined) {
      throw damagedAs(where, 'a pickle instruction of a saved network', nameRefusedOpcode(code));
    }
    run(machine, where);
  }
  throw damagedAs(cursor.here, `at most ${limits.instructions} pickle instructions`, 'more');
}

/** The stack machine that a pickle is a program for. */
class PickleMachine {
  readonly #stack: TorchValue[] = [];
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, TorchValue>();

  constructor(
    readonly cursor: ByteCursor,
    readonly builder: PickleBuilder,
  ) {}

  push(value: TorchValue): void {
    if (this.#stack.length + this.#marks.length >= limits.stack) {
      throw damagedAs(this.cursor.here, `at most ${limits.stack} unfinished values`, 'more');
    }
    this.#stack.push(value);
  }

  /** The topmost value; those below the last mark are out of reach until it is taken away. */
  pop(where: string): TorchValue {
    const value = this.top(where);
    this.#stack.length -= 1;
    return value;
  }

  top(where: string): TorchValue {
    if (this.#stack.length <= (this.#marks.at(-1) ?? 0))
      throw damaged(where, 'a value on the stack', undefined);
    return this.#stack[this.#stack.length - 1];
  }

  mark(where: string): void {
    if (this.#stack.length + this.#marks.length >= limits.stack) {
      throw damagedAs(where, `at most ${limits.stack} unfinished values`, 'more');
    }
    this.#marks.push(this.#stack.length);
  }

  /** Takes away the last mark and what stands above it. */
  popToMark(where: string): TorchValue[] {
    const start = this.#marks.pop();
    if (start === undefined) throw damaged(where, 'a mark on the stack', undefined);
    return this.#stack.splice(start);
  }

  /** Pushes a tuple of the topmost `count` values. */
  pushTuple(count: number, where: string): void {
    const items = Array.from({ length: count }, () => this.pop(where)).reverse();
    this.push({ kind: 'tuple', items });
  }

  remember(index: number, where: string): void {
    if (this.#memo.size >= limits.memo)
      throw damagedAs(where, `at most ${limits.memo} remembered values`, 'more');
    this.#memo.set(index, this.top(where));
  }

  recall(index: number, where: string): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw damagedAs(where, 'a remembered value', `none at ${index}`);
    this.push(value);
  }

  finish(where: string): TorchValue {
    if (this.#stack.length !== 1 || this.#marks.length > 0) {
      throw damagedAs(where, 'one finished value at the end of a pickle', `${this.#stack.length} unfinished`);
    }
    checkNesting(this.#stack[0], where);
    return this.#stack[0];
  }
}

type Instruction = (machine: PickleMachine, where: string) => void;

const instructions = new Map<number, Instruction>([
  [opcodes.PROTO, ({ cursor }, where) => checkProtocol(cursor.uint8(), where)],

  [opcodes.NONE, (machine) => machine.push(null)],
  [opcodes.NEWTRUE, (machine) => machine.push(true)],
  [opcodes.NEWFALSE, (machine) => machine.push(false)],
  [opcodes.BININT, (machine) => machine.push(machine.cursor.int32())],
  [opcodes.BININT1, (machine) => machine.push(machine.cursor.uint8())],
  [opcodes.BININT2, (machine) => machine.push(machine.cursor.uint16())],
  [opcodes.LONG1, (machine) => machine.push(readLong(machine.cursor.take(machine.cursor.uint8())))],
  [opcodes.BINFLOAT, (machine) => machine.push(machine.cursor.float64())],
  [opcodes.BINUNICODE, (machine) => machine.push(machine.cursor.text(machine.cursor.uint32()))],

  [opcodes.MARK, (machine, where) => machine.mark(where)],
  [opcodes.EMPTY_TUPLE, (machine) => machine.push({ kind: 'tuple', items: [] })],
  [opcodes.TUPLE1, (machine, where) => machine.pushTuple(1, where)],
  [opcodes.TUPLE2, (machine, where) => machine.pushTuple(2, where)],
  [opcodes.TUPLE3, (machine, where) => machine.pushTuple(3, where)],
  [opcodes.TUPLE, (machine, where) => machine.push({ kind: 'tuple', items: machine.popToMark(where) })],
  [opcodes.EMPTY_LIST, (machine) => machine.push([])],
  [opcodes.APPEND, (machine, where) => append(machine, [machine.pop(where)], where)],
  [opcodes.APPENDS, (machine, where) => append(machine, machine.popToMark(where), where)],
  [opcodes.EMPTY_DICT, (machine) => machine.push(new Map())],
  [opcodes.SETITEM, (machine, where) => setItems(machine, popPair(machine, where), where)],
  [opcodes.SETITEMS, (machine, where) => setItems(machine, machine.popToMark(where), where)],

  [opcodes.BINPUT, (machine, where) => machine.remember(machine.cursor.uint8(), where)],
  [opcodes.LONG_BINPUT, (machine, where) => machine.remember(machine.cursor.uint32(), where)],
  [opcodes.BINGET, (machine, where) => machine.recall(machine.cursor.uint8(), where)],
  [opcodes.LONG_BINGET, (machine, where) => machine.recall(machine.cursor.uint32(), where)],

  [opcodes.GLOBAL, pushName],
  [opcodes.REDUCE, applyName('call')],
  [opcodes.NEWOBJ, applyName('create')],
  [
    opcodes.BUILD,
    (machine, where) => {
      const state = machine.pop(where);
      machine.builder.build(machine.top(where), state, where);
    },
  ],
  [opcodes.BINPERSID, (machine, where) => machine.push(machine.builder.resolve(machine.pop(where), where))],
]);

function checkProtocol(version: number, where: string): void {
  if (version !== 2) throw damaged(where, 'pickle protocol 2', version);
}

/** A little-endian integer in two's complement, of at most 255 bytes. */
function readLong(bytes: Uint8Array): number | bigint {
  const digits = bytes.toReversed().reduce((text, byte) => text + byte.toString(16).padStart(2, '0'), '');
  const value = BigInt.asIntN(8 * bytes.length, BigInt(`0x${digits || '0'}`));
  const short = Number(value);
  return Number.isSafeInteger(short) ? short : value;
}

function append(machine: PickleMachine, items: TorchValue[], where: string): void {
  const list = machine.top(where);
  if (!Array.isArray(list)) throw damaged(where, 'a list to append to', list);
  for (const item of items) list.push(item);
}

function popPair(machine: PickleMachine, where: string): TorchValue[] {
  const value = machine.pop(where);
  return [machine.pop(where), value];
}

function setItems(machine: PickleMachine, keysAndValues: TorchValue[], where: string): void {
  const dictionary = machine.top(where);
  if (!(dictionary instanceof Map)) throw damaged(where, 'a dictionary to add to', dictionary);
  if (keysAndValues.length % 2 !== 0) throw damagedAs(where, 'a value for every key', 'one key more');
  for (let i = 0; i < keysAndValues.length; i += 2) dictionary.set(keysAndValues[i], keysAndValues[i + 1]);
}

function pushName(machine: PickleMachine, where: string): void {
  const module = machine.cursor.line(limits.name);
  const name = `${module}.${machine.cursor.line(limits.name)}`;
  if (!machine.builder.allows(name)) throw foreign(where, name);
  machine.push({ kind: 'name', name });
}

/** Takes an argument tuple and a name from the stack and leaves what the builder makes of them. */
function applyName(method: 'call' | 'create'): Instruction {
  return (machine, where) => {
    const args = machine.pop(where);
    const name = machine.pop(where);
    if (!isKind(name, 'name')) throw damaged(where, 'the name of a class or function', name);
    if (!isKind(args, 'tuple')) throw damaged(where, 'a tuple of arguments', args);
    machine.push(machine.builder[method](name.name, args.items, where));
  };
}

/** Refuses values in values beyond a depth that no saved network has, so that whoever walks them cannot run out of stack. */
function checkNesting(root: TorchValue, where: string): void {
  const seen = new Set<TorchValue>();
  const open: { value: TorchValue; depth: number }[] = [{ value: root, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (depth > limits.nesting)
      throw damagedAs(where, `values nested at most ${limits.nesting} deep`, 'deeper ones');
    for (const child of childrenOf(value)) open.push({ value: child, depth: depth + 1 });
  }
}

function childrenOf(value: TorchValue & object): Iterable<TorchValue> {
  if (Array.isArray(value)) return value;
  if (value instanceof Map) return [...value.keys(), ...value.values()];
  if (value.kind === 'tuple') return value.items;
  if (value.kind === 'attribute') return [value.of];
  if (value.kind === 'record' && value.state !== undefined) return [value.state];
  return [];
}
