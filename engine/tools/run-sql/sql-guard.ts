import { loadModule, parseSync } from 'libpg-query';
import { isRecord } from '../../../platform/json.ts';
import { allowedFunctions, boundedArguments, maxBoundedLength } from './allowed-functions.ts';

// The parser is PostgreSQL's own, compiled to WebAssembly; it loads once (about 5 ms) so that judging a query can be synchronous.
await loadModule();

/** A table as the query names it; without a schema it is looked for along the search path, which only the server knows. */
export interface TableReference {
  schema: string | undefined;
  name: string;
}

/** A column as a query names it: what stands before its last dot, and itself; `*` for all of them. */
export interface ColumnMention {
  of: string | undefined;
  name: string;
}

/** What an allowed query does. Every list is sorted and without repetition. */
export interface AllowedQuery {
  allowed: true;
  statement: 'select' | 'values';
  /** As {@link toTableName}, without the query's own WITH names: what policy and people see. */
  tables: string[];
  references: TableReference[];
  /** Columns as they are written, see read-columns.ts, and tables by the names the query gives them. */
  columns: ColumnMention[];
  aliases: ReadonlyMap<string, readonly TableReference[]>;
  /** A literal LIMIT of the whole query. */
  limit: number | undefined;
  functions: string[];
  /** Operators as written, without their schema; the session checks that they are PostgreSQL's own or an extension's. */
  operators: string[];
  /**
   * Names that follow a dot: `x.name` calls the function `name(x)` where there is no such column, so the session checks them. Behind a row
   * (`t.name`) only functions that take rows count; behind a value (`(expression).name`) all do, `pg_read_file` included.
   */
  rowAttributes: string[];
  valueAttributes: string[];
  /** Types named in casts and column lists, without their schema: somebody's own may bring functions along. */
  types: string[];
}
type QueryVerdict = AllowedQuery | { allowed: false; reason: string };

export const maxQueryLength = 20_000;

class Refusal extends Error {}

/** Parse nodes a reading query is made of. A node PostgreSQL adds later is refused until somebody has looked at it. */
const allowedNodes = new Set([
  'A_ArrayExpr', 'A_Const', 'A_Expr', 'A_Indices', 'A_Indirection', 'A_Star', 'Alias', 'BitString', 'BoolExpr', 'Boolean', 'BooleanTest',
  'CTECycleClause', 'CTESearchClause', 'CaseExpr', 'CaseWhen', 'CoalesceExpr', 'CollateClause', 'ColumnDef', 'ColumnRef', 'CommonTableExpr',
  'Float', 'FuncCall', 'GroupingFunc', 'GroupingSet', 'Integer', 'JoinExpr', 'JsonIsPredicate', 'List', 'MinMaxExpr', 'NamedArgExpr',
  'NullTest', 'RangeFunction', 'RangeSubselect', 'RangeVar', 'ResTarget', 'RowExpr', 'SQLValueFunction', 'SelectStmt', 'SortBy', 'String',
  'SubLink', 'TypeCast', 'TypeName', 'WindowDef', 'WithClause',
]);

/** SQL/JSON by the node it is parsed as: to a server before PostgreSQL 17 some of them are ordinary functions, which somebody may have made. */
const jsonFunctions: Readonly<Record<string, readonly string[]>> = {
  JsonFuncExpr: ['json_exists', 'json_query', 'json_value'], JsonTable: ['json_table'], JsonObjectConstructor: ['json_object'], JsonArrayConstructor: ['json_array'],
  JsonArrayQueryConstructor: ['json_array'], JsonObjectAgg: ['json_objectagg'], JsonArrayAgg: ['json_arrayagg'], JsonParseExpr: ['json'], JsonScalarExpr: ['json_scalar'],
  JsonSerializeExpr: ['json_serialize'], JsonArgument: [], JsonKeyValue: [], JsonTableColumn: [], JsonValueExpr: [],
};
for (const node of Object.keys(jsonFunctions)) allowedNodes.add(node);

/** How a refused node is called in SQL, where its own name would not tell. */
const nodeWords: Record<string, string> = {
  InsertStmt: 'INSERT', UpdateStmt: 'UPDATE', DeleteStmt: 'DELETE', MergeStmt: 'MERGE', TransactionStmt: 'Transaction commands (BEGIN, COMMIT, ROLLBACK, …)',
  VariableSetStmt: 'SET', VariableShowStmt: 'SHOW', CopyStmt: 'COPY', DoStmt: 'DO', CallStmt: 'CALL', ExplainStmt: 'EXPLAIN', TruncateStmt: 'TRUNCATE',
  CreateTableAsStmt: 'CREATE TABLE AS', CreateStmt: 'CREATE TABLE', DropStmt: 'DROP', AlterTableStmt: 'ALTER TABLE', GrantStmt: 'GRANT',
  PrepareStmt: 'PREPARE', ExecuteStmt: 'EXECUTE', DeclareCursorStmt: 'DECLARE CURSOR', FetchStmt: 'FETCH', LockStmt: 'LOCK', ListenStmt: 'LISTEN',
  NotifyStmt: 'NOTIFY', VacuumStmt: 'VACUUM', CreateFunctionStmt: 'CREATE FUNCTION', CreateRoleStmt: 'CREATE ROLE', RangeTableSample: 'TABLESAMPLE',
  ParamRef: 'A parameter such as $1', SetToDefault: 'DEFAULT', CurrentOfExpr: 'WHERE CURRENT OF', XmlExpr: 'XML', XmlSerialize: 'XML', LockingClause: 'FOR UPDATE / FOR SHARE',
};

const selectFields = new Set([
  'distinctClause', 'targetList', 'fromClause', 'whereClause', 'groupClause', 'groupDistinct', 'groupByAll', 'havingClause', 'windowClause',
  'valuesLists', 'sortClause', 'limitOffset', 'limitCount', 'limitOption', 'withClause', 'op', 'all', 'larg', 'rarg',
]);

type Fields = Record<string, unknown>;
type Scope = ReadonlySet<string>;

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const child = (value: unknown, key: string): unknown => (isRecord(value) ? value[key] : undefined);
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
/** The strings of a name list such as `[{String: {sval: 'pg_catalog'}}, {String: {sval: 'lower'}}]`. */
const nameParts = (value: unknown): string[] => asList(value).map((part) => text(child(child(part, 'String'), 'sval')) ?? '*');

/** The name a function in FROM goes by without an alias; undefined for what is not written as a call. */
const nameOfFunctionInFrom = (functions: unknown): string | undefined => {
  const [first, ...others] = asList(functions);
  return others.length > 0 ? undefined : nameParts(child(child(asList(child(child(first, 'List'), 'items'))[0], 'FuncCall'), 'funcname')).at(-1);
};

/** Columns that a join compares without a condition: those it names, or all. */
const joinedColumns = ({ usingClause, isNatural }: Fields): ColumnMention[] => (isNatural === true ? [{ of: undefined, name: '*' }] : nameParts(usingClause).map((name) => ({ of: undefined, name })));

const sorted = (names: Iterable<string>): string[] => [...new Set(names)].toSorted();

/** `name` for a table of schema `public` or of none, else `schema.name`; quoted where the name itself could be taken for another one. */
export function toTableName({ schema, name }: TableReference): string {
  const shown = /[."*\s]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
  return schema === undefined || schema === 'public' ? shown : `${schema}.${shown}`;
}

/** Collects what a query touches while it walks the whole parse tree, and throws a Refusal at the first thing that is not allowed. */
class QueryWalk {
  readonly references = new Map<string, TableReference>();
  readonly functions = new Set<string>();
  readonly operators = new Set<string>();
  readonly types = new Set<string>();
  readonly columns: ColumnMention[] = [];
  /** Tables by the names the query gives them. */
  readonly aliases = new Map<string, TableReference[]>();
  /** What follows a dot, by the name before it; undefined: an expression in brackets. */
  private readonly attributes: { of: string | undefined; name: string }[] = [];
  /** Names under which a function stands in FROM: they may be values instead of rows. Undefined among them: one has no name of its own. */
  private readonly functionNames = new Set<string | undefined>();

  /** Names after a dot behind rows and behind what may be a value. */
  attributesBehind(kind: 'rows' | 'values'): string[] {
    const isValue = (of: string | undefined): boolean => of === undefined || this.functionNames.has(undefined) || this.functionNames.has(of);
    return sorted(this.attributes.filter(({ of, name }) => name !== '*' && isValue(of) === (kind === 'values')).map(({ name }) => name));
  }

  value(value: unknown, scope: Scope): void {
    if (Array.isArray(value)) for (const item of value) this.value(item, scope);
    else if (isRecord(value)) {
      for (const [key, inner] of Object.entries(value)) {
        if (/^[A-Z]/.test(key)) this.node(key, isRecord(inner) ? inner : {}, scope);
        else {
          if (key === 'typeName') this.types.add(nameParts(child(inner, 'names')).at(-1) ?? '');
          this.value(inner, scope);
        }
      }
    }
  }

  private node(tag: string, fields: Fields, scope: Scope): void {
    if (!allowedNodes.has(tag)) throw new Refusal(`${nodeWords[tag] ?? tag.replace(/Stmt$/, '')} is not allowed; only one SELECT that reads is.`);
    switch (tag) {
      case 'SelectStmt': return this.select(fields, scope);
      case 'RangeVar': this.table(fields, scope); break;
      case 'FuncCall': this.functionCall(fields); break;
      case 'A_Expr': this.operator(fields.name); break;
      case 'SubLink': this.operator(fields.operName); if (fields.operName === undefined) this.operators.add('='); break;
      // Both compare with `=` without writing it.
      case 'CaseExpr': if (fields.arg !== undefined) this.operators.add('='); break;
      case 'JoinExpr': if (fields.usingClause !== undefined || fields.isNatural === true) this.operators.add('='); this.columns.push(...joinedColumns(fields)); break;
      case 'SortBy': this.operator(fields.useOp); break;
      case 'TypeName': this.types.add(nameParts(fields.names).at(-1) ?? ''); break;
      case 'RangeFunction': this.functionNames.add(text(child(fields.alias, 'aliasname')) ?? nameOfFunctionInFrom(fields.functions)); break;
      case 'ColumnRef': {
        const parts = nameParts(fields.fields);
        this.columns.push({ of: parts.at(-2), name: parts.at(-1) ?? '*' });
        if (parts.length > 1) this.attributes.push({ of: parts.at(-2), name: parts.at(-1) ?? '' });
        break;
      }
      case 'A_Indirection': for (const name of nameParts(fields.indirection)) this.attributes.push({ of: undefined, name }); break;
      default: for (const name of jsonFunctions[tag] ?? []) this.functions.add(name);
    }
    this.value(fields, scope);
  }

  /** WITH names hide tables of the same name only where SQL says so, else a query could rename its way past a policy on tables. */
  private select(fields: Fields, outer: Scope): void {
    for (const field of Object.keys(fields)) {
      if (field === 'intoClause') throw new Refusal('SELECT INTO creates a table and is not allowed.');
      if (field === 'lockingClause') throw new Refusal('FOR UPDATE / FOR SHARE takes row locks and is not allowed.');
      if (!selectFields.has(field)) throw new Refusal(`This form of SELECT (${field}) is not allowed.`);
    }
    const { withClause, larg, rarg, ...rest } = fields;
    const scope = new Set(outer);
    const ctes = asList(child(withClause, 'ctes')).map((cte) => child(cte, 'CommonTableExpr'));
    const names = ctes.map((cte) => text(child(cte, 'ctename')) ?? '');
    if (child(withClause, 'recursive') === true) for (const name of names) scope.add(name);
    ctes.forEach((cte, index) => {
      this.value({ CommonTableExpr: cte }, new Set(scope));
      scope.add(names[index] ?? '');
    });
    for (const side of [larg, rarg]) if (isRecord(side)) this.node('SelectStmt', side, scope);
    this.value(rest, scope);
  }

  private table(fields: Fields, scope: Scope): void {
    const name = text(fields.relname) ?? '';
    const schema = text(fields.schemaname);
    if (fields.catalogname !== undefined) throw new Refusal('A table of another database is not allowed.');
    if (schema === undefined && scope.has(name)) return;
    // pg_catalog is searched first even without being named, so an unqualified pg_… name is a system table as well.
    const isIntrospection = schema === 'information_schema' && (name === 'tables' || name === 'columns');
    if (!isIntrospection && (schema === 'information_schema' || (schema ?? name).startsWith('pg_'))) {
      throw new Refusal(`The system table ${schema === undefined ? name : `${schema}.${name}`} is not allowed; information_schema.tables and information_schema.columns are.`);
    }
    const reference = { schema, name };
    this.references.set(JSON.stringify(reference), reference);
    // Under an alias the table's own name means nothing any more, but a query may use both in different places.
    for (const alias of new Set([text(child(fields.alias, 'aliasname')) ?? name, name])) this.aliases.set(alias, [...(this.aliases.get(alias) ?? []), reference]);
  }

  private functionCall(fields: Fields): void {
    const parts = nameParts(fields.funcname);
    const name = parts.at(-1) ?? '';
    const isSystemName = parts.length === 1 || (parts.length === 2 && parts[0] === 'pg_catalog');
    if (!isSystemName || !allowedFunctions.has(name)) throw new Refusal(`The function ${parts.join('.')} is not allowed.`);
    const position = boundedArguments.get(name);
    if (position !== undefined) {
      const literal = child(child(asList(fields.args)[position], 'A_Const'), 'ival');
      const length = isRecord(literal) ? Number(literal.ival ?? 0) : Number.POSITIVE_INFINITY;
      if (!(length <= maxBoundedLength)) throw new Refusal(`The function ${name} is allowed only with a literal length up to ${maxBoundedLength}.`);
    }
    if (name === 'format') {
      const template = text(child(child(child(asList(fields.args)[0], 'A_Const'), 'sval'), 'sval'));
      if (template === undefined || /%[^%A-Za-z]*(\d{4}|\*)/.test(template)) throw new Refusal('The function format is allowed only with a literal template whose widths have at most three digits.');
    }
    this.functions.add(name);
  }

  private operator(name: unknown): void {
    const parts = nameParts(name);
    if (parts.length > 1 && parts[0] !== 'pg_catalog') throw new Refusal(`The operator ${parts.join('.')} is not allowed; only PostgreSQL's own are.`);
    const operator = parts.at(-1);
    // `IN`, `LIKE`, … are recorded under the operator they stand for, `BETWEEN` and its kin under words.
    if (operator?.includes('BETWEEN') === true) for (const bound of ['<', '<=', '>', '>=']) this.operators.add(bound);
    else if (operator !== undefined) this.operators.add(operator);
  }
}

/**
 * Judges a query by PostgreSQL's own grammar: one SELECT, VALUES or TABLE statement that only reads, calling only allow-listed functions.
 * Never throws; `reason` is a sentence the model can act upon.
 */
export const inspectQuery = (query: string): QueryVerdict => {
  if (query.length > maxQueryLength) return { allowed: false, reason: `The query is longer than ${maxQueryLength} characters.` };
  // A NUL ends the text for the parser but not for the server's protocol: what was judged would not be what is sent.
  if (query.includes('\0') || !query.isWellFormed()) return { allowed: false, reason: 'The query contains characters that are not text.' };
  try {
    const statements = parseSync(query).stmts ?? [];
    const [first] = statements;
    if (first === undefined) return { allowed: false, reason: 'The query is empty.' };
    if (statements.length > 1) return { allowed: false, reason: `The query holds ${statements.length} statements; only one is allowed.` };
    const walk = new QueryWalk();
    walk.value(first.stmt, new Set());
    const isValues = child(child(first.stmt, 'SelectStmt'), 'valuesLists') !== undefined;
    const references = [...walk.references.values()];
    const limit = child(child(child(child(first.stmt, 'SelectStmt'), 'limitCount'), 'A_Const'), 'ival');
    return {
      allowed: true, statement: isValues ? 'values' : 'select', references, tables: sorted(references.map(toTableName)),
      columns: walk.columns, aliases: walk.aliases, limit: isRecord(limit) ? Number(limit.ival ?? 0) : undefined,
      functions: sorted(walk.functions), operators: sorted(walk.operators), types: sorted(walk.types), rowAttributes: walk.attributesBehind('rows'), valueAttributes: walk.attributesBehind('values'),
    };
  } catch (error) {
    if (error instanceof Refusal) return { allowed: false, reason: error.message };
    return { allowed: false, reason: `The query could not be parsed: ${error instanceof Error ? error.message : String(error)}.` };
  }
};
