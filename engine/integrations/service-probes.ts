import type { Kysely } from 'kysely';
import { createTransport } from 'nodemailer';
import pg from 'pg';
import type { Database } from '../../db/database.ts';
import { pingDatabase } from '../../db/repositories/health.repository.ts';
import type { Config } from '../../platform/config.ts';
import type { Memory } from '../memory/index.ts';
import type { AgentRuns } from '../runs/index.ts';
import type { DataSourceAccess } from '../tools/index.ts';
import { type CheckResult, type Probe, toAddress } from './check.ts';

const healthy = (detail: string): CheckResult => ({ state: 'healthy', detail });

/** Where vectors are kept and what makes them. */
export function listMemoryProbes({ memory, config }: { memory: Pick<Memory, 'vectorStore' | 'embeddings'>; config: Pick<Config, 'memory'> }, usedBy: number): Probe[] {
  const { vectorStore, embeddings } = memory;
  const { chromaUrl, embedding } = config.memory;
  const place = chromaUrl === undefined ? "Maestro's own database" : toAddress(chromaUrl);
  const words = `${embeddings.model} compares words and letters in this process. No model is called; set EMBEDDING_MODEL to compare by meaning.`;
  return [
    {
      id: `vector_store:${vectorStore.name}`, kind: 'vector_store', name: vectorStore.name === 'chroma' ? 'ChromaDB' : 'pgvector', used_by_agents: usedBy, detail: `In ${place}.`,
      check: async () => healthy(`${await vectorStore.ping()} in ${place}.`),
    },
    embeddings.isLocal
      ? { id: 'embedding', kind: 'vector_store', name: 'Embedding', used_by_agents: usedBy, detail: words }
      : {
          // Asking costs money, so it is not asked: a failing one shows as memories without embedding.
          id: 'embedding', kind: 'vector_store', name: 'Embedding', used_by_agents: usedBy, state: 'untested',
          detail: `${embeddings.model} at ${toAddress(embedding?.baseUrl ?? 'https://api.openai.com')}. Used with the next memory; not asked only to be checked.`,
        },
  ];
}

/** The mail server `send_email` uses: connects, and signs in if there are credentials. */
export function toEmailProbe({ smtpUrl }: Config['mail'], usedBy: number): Probe {
  const base = { id: 'email', kind: 'email' as const, name: 'E-mail (SMTP)', used_by_agents: usedBy };
  if (smtpUrl === undefined) return { ...base, detail: 'Set SMTP_URL to a mail server, e.g. smtps://user:password@mail.example.com.', missingSettings: ['SMTP_URL'] };
  const address = toAddress(smtpUrl);
  return {
    ...base,
    detail: `${address}.`,
    async check() {
      const transport = createTransport({ url: smtpUrl, connectionTimeout: 3_000, greetingTimeout: 3_000, socketTimeout: 3_000, dnsTimeout: 3_000 });
      try {
        await transport.verify();
        return healthy(`${address} takes mail.`);
      } finally {
        transport.close();
      }
    },
  };
}

/** Databases agents may read, those of the configuration and those an admin made and left on: each is connected to and signed in at, nothing more. */
export function listDataSourceProbes(sources: readonly DataSourceAccess[], usedBy: number): Probe[] {
  if (sources.length === 0) {
    return [{ id: 'data_source', kind: 'data_source', name: 'Data sources', used_by_agents: usedBy, detail: 'Add a data source, or set MAESTRO_DATA_SOURCES to name=postgres://… pairs of databases that agents may read.', missingSettings: ['MAESTRO_DATA_SOURCES'] }];
  }
  return sources.map(({ name, connectionString, problem }) => ({
    id: `data_source:${name}`, kind: 'data_source', name, used_by_agents: usedBy, detail: `${toAddress(connectionString)}.`,
    async check() {
      if (problem !== null) return { state: 'failing', detail: problem };
      const client = new pg.Client({ connectionString, connectionTimeoutMillis: 3_000, application_name: 'maestro-check' });
      // Losing the connection after the check is nobody's trouble.
      client.on('error', () => undefined);
      try {
        await client.connect();
        return healthy(`${toAddress(connectionString)} can be read.`);
      } finally {
        client.end().catch(() => undefined);
      }
    },
  }));
}

/** What everything stands on. */
export function listFoundationProbes({ db, agentRuns, config }: { db: Kysely<Database>; agentRuns: Pick<AgentRuns, 'ping'>; config: Pick<Config, 'database' | 'temporal'> }, usedBy: number): Probe[] {
  const { address, namespace } = config.temporal;
  return [
    { id: 'temporal', kind: 'temporal', name: 'Temporal', used_by_agents: usedBy, detail: `${address}, namespace ${namespace}.`, check: async () => {
      await agentRuns.ping();
      return healthy(`${address}, namespace ${namespace}.`);
    } },
    { id: 'database', kind: 'database', name: 'PostgreSQL', used_by_agents: usedBy, detail: `${toAddress(config.database.url)}.`, check: async () => {
      await pingDatabase(db);
      return healthy(`${toAddress(config.database.url)} answers.`);
    } },
  ];
}
