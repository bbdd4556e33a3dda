/** A name as SQL takes it, whatever signs it has. */
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const databaseOf = (url: string): string => {
  if (!URL.canParse(url)) return 'shop';
  try {
    return decodeURIComponent(new URL(url).pathname.slice(1)) || 'shop';
  } catch {
    return 'shop';
  }
};

const schemaOf = (pattern: string): string => (pattern.includes('.') ? (pattern.split('.')[0] as string) : 'public');

/**
 * SQL that makes a role which may only read: every table of schema public, or the tables that are named (`orders`, `sales.orders`,
 * `sales.*`). The password is left to whoever runs it.
 */
export const readerRoleSql = ({ url, tables }: { url: string; tables: readonly string[] | null }): string => {
  const patterns = tables === null || tables.length === 0 ? ['public.*'] : tables;
  const schemas = [...new Set(patterns.map(schemaOf))];
  const grants = patterns.flatMap((pattern) => {
    const schema = quoted(schemaOf(pattern));
    if (!pattern.endsWith('.*')) return [`GRANT SELECT ON ${schema}.${quoted(pattern.split('.').at(-1) as string)} TO maestro_reader;`];
    return [`GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO maestro_reader;`, '-- and tables made later by the role that runs this:', `ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT SELECT ON TABLES TO maestro_reader;`];
  });
  return [
    "CREATE ROLE maestro_reader LOGIN PASSWORD 'choose one';",
    'ALTER ROLE maestro_reader SET default_transaction_read_only = on;',
    "ALTER ROLE maestro_reader SET temp_file_limit = '1GB';",
    `GRANT CONNECT ON DATABASE ${quoted(databaseOf(url))} TO maestro_reader;`,
    ...schemas.map((schema) => `GRANT USAGE ON SCHEMA ${quoted(schema)} TO maestro_reader;`),
    ...grants,
    ...(schemas.includes('public') ? ['-- PostgreSQL 14 and older let everybody create tables here:', 'REVOKE CREATE ON SCHEMA public FROM PUBLIC;'] : []),
  ].join('\n');
};

/** What a test says of the rights of a role: its warnings, and the SQL of a role that only reads where one of them holds it, a statement a line. */
export const splitReaderSql = (warnings: readonly string[]): { warnings: string[]; sql: string | undefined } => {
  const holder = warnings.find((warning) => warning.includes('CREATE ROLE '));
  return {
    warnings: warnings.filter((warning) => warning !== holder),
    sql: holder?.slice(holder.indexOf('CREATE ROLE ')).replaceAll(/;\s+/g, ';\n').trim(),
  };
};
