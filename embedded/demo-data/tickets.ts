// The support tickets of the demo: written for it, always the same, 47 of them "today" whenever one asks.

export interface TicketRecord {
  id: number;
  /** 0: today. */
  dayOffset: number;
  /** Share of the day that had passed, 0 to 1. */
  dayFraction: number;
  customerName: string;
  customerEmail: string;
  channel: 'email' | 'chat' | 'phone' | 'web';
  priority: 'low' | 'normal' | 'high' | 'urgent';
  status: 'open' | 'pending' | 'closed';
  subject: string;
  body: string;
}

type Text = readonly [subject: string, body: string, priority: TicketRecord['priority']];

const texts: readonly Text[] = [
  ['Invoice shows the wrong VAT number', 'Our March invoice carries an old VAT number and accounting refuses to book it. This is the second time, which is frustrating. Please send a corrected one.', 'normal'],
  ['Export to CSV is broken since the update', 'The export button spins for ever and then fails with an error. We cannot close the month without it. Terrible timing, please fix this urgently.', 'urgent'],
  ['Thank you for the quick help', 'Just wanted to say thanks: Ben solved my login problem in five minutes. Great support, I am very happy with it.', 'low'],
  ['How do I add a second administrator?', 'I looked through the settings and could not find where to give a colleague admin rights. Could you point me to it?', 'normal'],
  ['Data lost after merging two projects', 'After merging two projects half of our comments are missing. This is unacceptable, we lost a week of work. Somebody must call me today.', 'urgent'],
  ['Mobile app crashes on start', 'Since yesterday the app crashes right after the splash screen on my phone. Reinstalling did not help. Annoying, because I work on the road.', 'high'],
  ['Love the new dashboard', 'The new dashboard is excellent. Everything loads fast and the charts are beautiful. Good work!', 'low'],
  ['Two-factor code never arrives', 'I do not receive the SMS with the code and cannot sign in. I tried three times. Please help, I am locked out.', 'high'],
  ['Refund for the duplicate charge', 'My card was charged twice for the same subscription. I would like the second charge refunded, please.', 'high'],
  ['Question about the annual plan', 'Is there a discount when we move from monthly to annual billing? We are forty people.', 'normal'],
  ['Search does not find old tickets', 'Search only returns results of the last month. Older ones are there when I scroll, but search ignores them. That makes it useless for us.', 'normal'],
  ['Import worked perfectly', 'The import of 12,000 contacts worked perfectly on the first try. Impressive and easy, thank you!', 'low'],
  ['Slow loading in the afternoon', 'Every afternoon pages take more than ten seconds to load. The mornings are fine. My team is losing patience.', 'high'],
  ['Wrong time zone in reports', 'Reports show all times in UTC although our account is set to Madrid. It is confusing for our customers.', 'normal'],
  ['Please delete our test workspace', 'We no longer need the workspace "Sandbox". Please delete it with all its data and confirm.', 'low'],
  ['Webhook delivers events twice', 'Our endpoint receives every event two times since Monday. We had to switch the integration off. This is a serious problem for us.', 'high'],
  ['Cannot open attachments', 'PDF attachments fail to open with "file is damaged". They are fine when sent by e-mail. Disappointing.', 'normal'],
  ['Friendly reminder about my open request', 'I wrote last week and got no answer yet. I would appreciate an update when you have a minute.', 'normal'],
  ['Outage this morning?', 'We could not reach the service between nine and ten. Was there an outage? We are worried, because nothing was on the status page.', 'urgent'],
  ['Great webinar', 'The webinar on automation was helpful and well explained. Will the recording be available?', 'low'],
  ['Permissions reset by themselves', 'Several users lost their permissions overnight. I had to restore them by hand and I am angry that nobody told us.', 'high'],
  ['Feature request: keyboard shortcuts', 'Keyboard shortcuts for the next and previous ticket would save us time. Otherwise we are satisfied with the product.', 'low'],
  ['Cancellation', 'We are cancelling our contract. The product is too slow and support takes days to answer. We are disappointed.', 'high'],
  ['Language of notifications', 'Notifications arrive in German although I chose English in my profile. Not dramatic, but please have a look.', 'low'],
];

const customers = ['Ana Ruiz', 'Ben Carter', 'Chloe Martin', 'Daniel Novak', 'Elif Demir', 'Farid Haddad', 'Grace Okafor', 'Henrik Olsen', 'Ines Costa', 'Jonas Weber', 'Keiko Tanaka', 'Liam Murphy', 'Maya Singh', 'Noah Fischer', 'Olga Petrova', 'Priya Nair', 'Quentin Roux', 'Rosa Jimenez', 'Samuel Green'];
const companies = ['acme', 'northwind', 'globex', 'initech', 'umbra', 'lumen', 'vertex'];
const channels = ['email', 'chat', 'phone', 'web'] as const;

const ticketsToday = 47;
const ticketsPerOlderDay = [38, 41, 29, 12, 9, 44, 40];

const at = <Item>(items: readonly Item[], index: number): Item => items[index % items.length] as Item;

function toTicket(id: number, dayOffset: number, index: number, count: number): TicketRecord {
  const [subject, body, priority] = at(texts, id * 5 + dayOffset);
  const customerName = at(customers, id * 7 + dayOffset * 3);
  const company = at(companies, id * 3 + 1);
  return {
    id, dayOffset, customerName, subject, body, priority,
    dayFraction: (index + 0.5) / count,
    customerEmail: `${customerName.toLowerCase().replace(' ', '.')}@${company}.example`,
    channel: at(channels, id * 11 + index),
    status: dayOffset === 0 ? (index % 5 === 0 ? 'pending' : 'open') : index % 6 === 0 ? 'pending' : 'closed',
  };
}

/** All tickets, oldest first. */
export const ticketRecords: readonly TicketRecord[] = [...ticketsPerOlderDay.map((count, index) => ({ dayOffset: index + 1, count })).toReversed(), { dayOffset: 0, count: ticketsToday }]
  .flatMap(({ dayOffset, count }) => Array.from({ length: count }, (_, index) => ({ dayOffset, index, count })))
  .map(({ dayOffset, index, count }, position) => toTicket(1001 + position, dayOffset, index, count));
