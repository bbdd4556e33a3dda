import pg from 'pg';
import { type RealPostgres, startRealPostgres } from './real-postgres.ts';

/**
 * A server with the tables `orders`, `secrets` and `sales.regions`, and roles that may read everything (`reader`, the only one with a
 * password), write (`writer`), see nothing (`blind`) and come in encrypted only (`barred`).
 */
export async function startPostgresWithRoles(password: string): Promise<RealPostgres> {
  const real = await startRealPostgres();
  const client = new pg.Client({ connectionString: real.connectionString });
  await client.connect();
  await client.query(`
    create table orders (id int primary key, total numeric);
    create table secrets (id int primary key);
    create schema sales; create table sales.regions (code text primary key);
    revoke create on schema public from public;
    create role reader login password '${password}'; grant usage on schema public, sales to reader; grant select on all tables in schema public, sales to reader;
    create role writer login bypassrls; grant usage, create on schema public to writer; grant select, insert on orders to writer;
    create role blind login;
  `);
  // The reader has to give a password, and barred comes in only encrypted, which this server is not.
  const { rows: [{ hba_file: hbaFile }] } = await client.query<{ hba_file: string }>('show hba_file') as unknown as { rows: [{ hba_file: string }] };
  const lines = ['host all reader 127.0.0.1/32 scram-sha-256', 'hostssl all barred 127.0.0.1/32 trust', 'host all barred 127.0.0.1/32 reject', 'host all all 127.0.0.1/32 trust'];
  await client.query(`copy (select unnest(array[${lines.map((line) => `'${line}'`).join(', ')}])) to '${hbaFile}'`);
  await client.query('create role barred login; select pg_reload_conf()');
  await client.end();
  return real;
}
