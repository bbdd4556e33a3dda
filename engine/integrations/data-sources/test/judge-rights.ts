import pg from 'pg';

interface Rights {
  role: string;
  database: string;
  is_superuser: boolean;
  bypasses_rls: boolean;
  powers: string[];
  creates_in: string[];
  is_create_public: boolean;
  creates_schemas: boolean;
  writable: number;
  writable_names: string[];
  schemas: string[];
}

const findRights = `with tables as (
    select n.nspname, c.relname, c.oid from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and pg_catalog.has_schema_privilege(n.oid, 'USAGE')
  ), writable as (select nspname, relname from tables where pg_catalog.has_table_privilege(oid, 'INSERT, UPDATE, DELETE, TRUNCATE'))
  select r.rolname::text as role, pg_catalog.current_database()::text as database, r.rolsuper as is_superuser, r.rolbypassrls as bypasses_rls,
    array(select p.rolname::text from pg_catalog.pg_roles p
      where p.rolname in ('pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program', 'pg_write_all_data', 'pg_signal_backend', 'pg_maintain') and pg_catalog.pg_has_role(r.oid, p.oid, 'MEMBER') order by 1) as powers,
    array(select n.nspname::text from pg_catalog.pg_namespace n where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and pg_catalog.has_schema_privilege(n.oid, 'CREATE') order by 1) as creates_in,
    exists (select from pg_catalog.pg_namespace n, pg_catalog.aclexplode(coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))) a where n.nspname = 'public' and a.grantee = 0 and a.privilege_type = 'CREATE') as is_create_public,
    pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') as creates_schemas,
    (select count(*) from writable)::int as writable, array(select pg_catalog.quote_ident(nspname) || '.' || pg_catalog.quote_ident(relname) from writable order by 1 limit 3) as writable_names,
    array(select distinct nspname::text from tables where pg_catalog.has_table_privilege(oid, 'SELECT') order by 1 limit 20) as schemas
  from pg_catalog.pg_roles r where r.rolname = current_user`;

const id = (name: string): string => pg.escapeIdentifier(name).replace(/^"([a-z_][a-z0-9_]*)"$/, '$1');

/** What an administrator runs to make a role that reads these schemas and nothing else. */
function toReaderStatements({ database, schemas, is_create_public: isCreatePublic }: Rights): string {
  const names = (schemas.length === 0 ? ['public'] : schemas).map(id).join(', ');
  return [
    'CREATE ROLE maestro_reader LOGIN PASSWORD \'choose one\';',
    'ALTER ROLE maestro_reader SET default_transaction_read_only = on;',
    'ALTER ROLE maestro_reader SET temp_file_limit = \'1GB\';',
    `GRANT CONNECT ON DATABASE ${id(database)} TO maestro_reader;`,
    `GRANT USAGE ON SCHEMA ${names} TO maestro_reader;`,
    `GRANT SELECT ON ALL TABLES IN SCHEMA ${names} TO maestro_reader;`,
    ...(isCreatePublic ? ['REVOKE CREATE ON SCHEMA public FROM PUBLIC;'] : []),
  ].join('\n');
}

function toFindings(rights: Rights): string[] {
  const { role, is_superuser: isSuperuser, bypasses_rls: bypasses, powers, creates_in: createsIn, creates_schemas: createsSchemas, writable, writable_names: names } = rights;
  if (isSuperuser) return [`The role ${role} is a superuser: it may read and change everything on the server, files included.`];
  const findings: string[] = [];
  if (powers.length > 0) findings.push(`The role ${role} has the rights of ${powers.join(', ')}, which reading does not need.`);
  if (bypasses) findings.push(`The role ${role} has BYPASSRLS: row level security does not hide anything from agents.`);
  if (writable > 0) findings.push(`The role ${role} may change ${writable === 1 ? 'one table' : `${writable} tables`} (${names.join(', ')}${writable > names.length ? ', …' : ''}).`);
  const places = [...(createsSchemas ? ['schemas'] : []), ...(createsIn.length > 0 ? [`objects in ${createsIn.slice(0, 5).map(id).join(', ')}`] : [])];
  if (places.length > 0) findings.push(`The role ${role} may create ${places.join(' and ')}.`);
  return findings;
}

/** What a role may do that reading does not need; the statements for a better role come last. `run_sql` reads only, whatever the role may. */
export async function judgeRights(client: pg.Client): Promise<{ detail: string; warnings: string[] }> {
  const { rows } = await client.query<Rights>(findRights);
  const [rights] = rows;
  if (rights === undefined) return { detail: 'The role is not listed by the server.', warnings: [] };
  const findings = toFindings(rights);
  if (findings.length === 0) return { detail: `${rights.role} may read and nothing else.`, warnings: [] };
  return { detail: `${rights.role} may do more than read; see the warnings.`, warnings: [...findings, `A role that only reads is made by an administrator with:\n${toReaderStatements(rights)}`] };
}
