import type { PGlite } from '@electric-sql/pglite';
import { ticketRecords } from './tickets.ts';

/**
 * The demo's ticket database. `tickets` is a view over the clock: tickets of day 0 lie between midnight and now, so that "today" has the
 * same 47 tickets whenever one asks, and none lies in the future.
 */
const statements = `
  create table if not exists ticket_records (
    id int primary key, day_offset int not null, day_fraction float8 not null, customer_name text not null, customer_email text not null,
    channel text not null, priority text not null, status text not null, subject text not null, body text not null
  );
  create or replace view tickets as
    select id,
      case when day_offset = 0
        then date_trunc('day', now()) + (now() - date_trunc('day', now())) * day_fraction
        else date_trunc('day', now()) - make_interval(days => day_offset) + make_interval(hours => 24) * day_fraction
      end as created_at,
      customer_name, customer_email, channel, priority, status, subject, body
    from ticket_records;
`;

/** Creates and fills the demo data where it is missing. */
export async function seedTickets(db: PGlite): Promise<void> {
  await db.exec(statements);
  const { rows } = await db.query<{ count: number }>('select count(*)::int as count from ticket_records');
  if (rows[0]?.count === ticketRecords.length) return;
  await db.transaction(async (trx) => {
    await trx.query('delete from ticket_records');
    for (const ticket of ticketRecords) {
      await trx.query('insert into ticket_records values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)', [
        ticket.id, ticket.dayOffset, ticket.dayFraction, ticket.customerName, ticket.customerEmail, ticket.channel, ticket.priority, ticket.status, ticket.subject, ticket.body,
      ]);
    }
  });
}
