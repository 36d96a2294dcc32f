/** From a piece of TypeScript, as it is typed into the REPL, to a script that Node's own REPL evaluates. */
import { parse } from 'es-module-lexer';
import { type TransformFailure, transformSync } from 'esbuild';

/** The piece ends before its end: more lines have to come. */
export class IncompleteInput extends Error {
  override readonly name = 'IncompleteInput';
}

/**
 * Types are taken away, and import statements, which scripts cannot have, become awaited imports.
 *
 * @throws IncompleteInput if more lines have to come; SyntaxError for what cannot become right
 */
export function toJavaScript(code: string): string {
  const isObject = /^\s*\{/.test(code) && !/;\s*$/.test(code);
  // As in Node's REPL, `{ a: 1 }` is an object where it can be one, and else a block.
  const asObject = isObject ? tryStrip(`(${code.trim()})`) : undefined;
  return importsToAwait(asObject ?? stripTypes(code));
}

function stripTypes(code: string): string {
  const lines = `${code}\n`;
  try {
    return transformSync(lines, {
      loader: 'ts',
      target: 'esnext',
      logLevel: 'silent',
      // An import that is used in a later line only must stay.
      tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    }).code;
  } catch (error) {
    const [first] = (error as Partial<TransformFailure>).errors ?? [];
    if (!first) throw error;
    // What is wrong at the very end is put right by another line.
    if (first.location?.line === lines.split('\n').length) throw new IncompleteInput(first.text);
    throw new SyntaxError(first.text);
  }
}

function tryStrip(code: string): string | undefined {
  try {
    return stripTypes(code);
  } catch {
    return undefined;
  }
}

function importsToAwait(code: string): string {
  const [imports] = parse(code);
  let script = '';
  let end = 0;
  for (const found of imports) {
    if (found.type !== 'static') continue;
    const { importStart, importEnd, start, specifier, attributes } = found;
    const clause = code.slice(importStart + 'import'.length, start - 1).replace(/\bfrom\s*$/, '');
    const options = attributes ? `, { with: ${JSON.stringify(Object.fromEntries(attributes))} }` : '';
    const loaded = `await import(${JSON.stringify(specifier)}${options})`;
    script += code.slice(end, importStart) + bindImport(clause.trim(), loaded);
    end = importEnd;
  }
  return script + code.slice(end);
}

/** `var`, so that the same line can be entered again. */
function bindImport(clause: string, loaded: string): string {
  if (clause === '') return loaded;
  const [, byDefault, namespace, named] =
    /^([^\s,{*]+)?[\s,]*(?:\*\s*as\s+(\S+))?(?:\{([^]*)\})?$/.exec(clause) ?? [];
  const names = [
    ...(byDefault ? [`default: ${byDefault}`] : []),
    ...(named
      ? [
          named
            .trim()
            .replaceAll(/\s+as\s+/g, ': ')
            .replaceAll(/\s*\n\s*/g, ' '),
        ]
      : []),
  ].join(', ');
  if (!namespace) return `var { ${names} } = ${loaded}`;
  return names ? `var ${namespace} = ${loaded}, { ${names} } = ${namespace}` : `var ${namespace} = ${loaded}`;
}
