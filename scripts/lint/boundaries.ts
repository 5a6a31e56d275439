/** The lint rules that oxlint does not have: an oxlint plugin (ESLint's rule shape), loaded by .oxlintrc.json. */
import path from 'node:path';
import { refuseFileImport, refusePackageImport } from './layers.ts';

interface Node {
  readonly type: string;
  readonly value?: unknown;
  readonly name?: string;
  readonly source?: Node | null;
  readonly callee?: Node;
  readonly arguments?: readonly Node[];
  readonly quasis?: readonly { readonly value: { readonly raw: string } }[];
}

interface Context {
  readonly filename: string;
  report(problem: { node: Node; message: string }): void;
}

type Visitor = Readonly<Record<string, (node: Node) => void>>;

const root = path.resolve(import.meta.dirname, '../..');

function relativeToRoot(filename: string): string {
  return path.relative(root, filename).split(path.sep).join('/');
}

const imports = {
  create(context: Context): Visitor {
    const from = relativeToRoot(context.filename);
    function check(node: Node): void {
      const specifier = node.source?.value;
      if (typeof specifier !== 'string') return;
      const message = specifier.startsWith('.')
        ? refuseFileImport(from, path.posix.join(path.posix.dirname(from), specifier))
        : refusePackageImport(from, specifier);
      if (message !== undefined) context.report({ node, message });
    }
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      TSImportType: check,
    };
  },
};

/** A file that passes on what others export becomes the hub that everything imports, and then the cycle. */
const noBarrel = {
  create(context: Context): Visitor {
    function check(node: Node): void {
      if (node.source == null) return;
      context.report({ node, message: 'no barrels: import from the file that is named for the thing' });
    }
    return {
      Program(node) {
        if (path.basename(context.filename) !== 'index.ts') return;
        context.report({ node, message: 'no barrels: name the file for the one thing in it' });
      },
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    };
  },
};

/** `new Date(ms)` converts a value; `new Date()` and `Date()` read the clock, which comes in as an argument. */
const noCurrentTime = {
  create(context: Context): Visitor {
    const message = 'time comes in as a value: take `now` as an argument, or ask the Clock port';
    return {
      NewExpression(node) {
        if (node.callee?.name === 'Date' && node.arguments?.length === 0) context.report({ node, message });
      },
      CallExpression(node) {
        if (node.callee?.name === 'Date') context.report({ node, message });
      },
    };
  },
};

const startsLikeSql =
  /^\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH|CREATE|ALTER|DROP|TRUNCATE|COPY|LISTEN|NOTIFY)\s/;

const noSql = {
  create(context: Context): Visitor {
    function check(node: Node, text: string): void {
      if (startsLikeSql.test(text)) context.report({ node, message: 'SQL lives in src/adapters and sql/' });
    }
    return {
      Literal(node) {
        if (typeof node.value === 'string') check(node, node.value);
      },
      TemplateLiteral(node) {
        check(node, node.quasis?.[0]?.value.raw ?? '');
      },
    };
  },
};

export default {
  meta: { name: 'boundaries' },
  rules: { imports, 'no-barrel': noBarrel, 'no-current-time': noCurrentTime, 'no-sql': noSql },
};
