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
  ['Calendar sync stops after a day', 'The calendar sync works after I connect it and then silently stops the next morning. I missed two meetings because of it. Please repair this.', 'high'],
  ['Which regions do you store data in?', 'Our data protection officer asks in which region our data is stored and whether we can choose. A short answer is enough.', 'normal'],
  ['Support was wonderful on Friday', 'Your colleague stayed on the phone until everything worked. I am impressed and grateful, please pass that on.', 'low'],
  ['Password reset link expired', 'The reset link says it expired although I clicked it within a minute. I cannot get into my account.', 'high'],
  ['Printing cuts off the last column', 'When I print the weekly report the last column is cut off. Is there a setting for landscape?', 'low'],
  ['API answers with 500 since noon', 'Every call to the orders endpoint fails with error 500 since noon. Our shop is down and we lose money every minute. Urgent!', 'urgent'],
  ['Seats for our interns', 'We have three interns from January to March. Can we add seats for three months only?', 'normal'],
  ['The onboarding guide is great', 'I followed the onboarding guide with my team and we were ready in an afternoon. Clear, friendly and helpful.', 'low'],
  ['Notifications come hours late', 'Push notifications arrive two or three hours late. By then somebody else has called the customer. This is annoying.', 'normal'],
  ['Charged after cancelling', 'I cancelled in October and was charged again in November. This is wrong and I want my money back.', 'high'],
  ['Merge two customer records', 'Two records exist for the same customer with different addresses. How can I merge them without losing the notes?', 'normal'],
  ['Dark mode, finally!', 'Thank you for dark mode. My eyes love it and the whole team is happy.', 'low'],
  ['Login page is blank in Safari', 'The login page stays blank in Safari. Other browsers work. Several of my colleagues have the same problem.', 'high'],
  ['Change of company name', 'Our company changed its name. Please tell me which documents you need to change the contract and the invoices.', 'low'],
  ['Automation ran a thousand times', 'An automation we created this morning ran a thousand times and sent the same message to all our customers. This is a disaster, stop it now.', 'urgent'],
  ['Attachment limit', 'Is the limit of 10 MB per attachment fixed? Our drawings are usually a little larger.', 'normal'],
  ['Still no answer after a week', 'I have been waiting for an answer for a week. I am disappointed, we used to be satisfied with your support.', 'high'],
  ['Nice touch with the weekly summary', 'The weekly summary by e-mail is useful and pleasant to read. Good idea!', 'low'],
  ['Fields lost their order', 'After the weekend our custom fields appear in a random order. It is confusing and slows us down.', 'normal'],
  ['Invoice address for Portugal', 'Please send invoices to our office in Lisbon from next month on. The tax number stays the same.', 'low'],
  ['Voice quality is terrible', 'Calls through the app break up and echo. Customers complain and hang up. We cannot work like that.', 'high'],
  ['Training for new colleagues', 'Do you offer a training for new colleagues, online or at our office? We would be twelve people.', 'normal'],
  ['Bulk edit saved me a day', 'The new bulk edit saved me a whole day of work. Perfect, thanks a lot!', 'low'],
  ['Wrong totals in the monthly report', 'The totals in the monthly report do not match the sum of the rows. I do not trust the figures any more, please check this today.', 'urgent'],
];

const customers = ['Ana Ruiz', 'Ben Carter', 'Chloe Martin', 'Daniel Novak', 'Elif Demir', 'Farid Haddad', 'Grace Okafor', 'Henrik Olsen', 'Ines Costa', 'Jonas Weber', 'Keiko Tanaka', 'Liam Murphy', 'Maya Singh', 'Noah Fischer', 'Olga Petrova', 'Priya Nair', 'Quentin Roux', 'Rosa Jimenez', 'Samuel Green'];
const companies = ['acme', 'northwind', 'globex', 'initech', 'umbra', 'lumen', 'vertex'];
const channels = ['email', 'chat', 'phone', 'web'] as const;

const ticketsToday = 47;
const ticketsPerOlderDay = [38, 41, 29, 12, 9, 44, 40];

const at = <Item>(items: readonly Item[], index: number): Item => items[index % items.length] as Item;

function toTicket(id: number, dayOffset: number, index: number, count: number): TicketRecord {
  // 5 and the number of texts share no factor, so that no text comes twice in a day.
  const [subject, body, priority] = at(texts, id * 5 + dayOffset);
  const customerName = at(customers, id * 7 + dayOffset * 3);
  const company = at(companies, id * 3 + 1);
  return {
    id, dayOffset, customerName, subject, body, priority,
    dayFraction: (index + 0.5) / count,
    customerEmail: `${customerName.toLowerCase().replace(' ', '.')}@${company}.example`,
    channel: at(channels, id + (id >> 2)),
    status: dayOffset === 0 ? (index % 5 === 0 ? 'pending' : 'open') : index % 6 === 0 ? 'pending' : 'closed',
  };
}

/** All tickets, oldest first. */
export const ticketRecords: readonly TicketRecord[] = [...ticketsPerOlderDay.map((count, index) => ({ dayOffset: index + 1, count })).toReversed(), { dayOffset: 0, count: ticketsToday }]
  .flatMap(({ dayOffset, count }) => Array.from({ length: count }, (_, index) => ({ dayOffset, index, count })))
  .map(({ dayOffset, index, count }, position) => toTicket(1001 + position, dayOffset, index, count));
