import { useId } from 'react';
import { setPreferences, usePreferences } from '@/lib/preferences.ts';
import { Dialog, DialogContent, DialogDescription, DialogHeader, DialogTitle } from '../ui/dialog.tsx';
import { Switch } from '../ui/switch.tsx';
import { navigationItems } from './navigation.ts';

const groups: { title: string; keys: [keys: string[], what: string][] }[] = [
  { title: 'Go to', keys: navigationItems.map((item) => [['G', item.key.toUpperCase()], item.label]) },
  {
    title: 'Anywhere',
    keys: [[['?'], 'This panel'], [['/'], 'Filter the list'], [['C'], 'Create an agent'], [['Esc'], 'Close'], [['Ctrl', 'Enter'], 'Send the open form']],
  },
  { title: 'Run', keys: [[['E'], 'Next error'], [['Shift', 'E'], 'Previous error'], [['+'], 'Zoom in'], [['-'], 'Zoom out']] },
  { title: 'Approvals', keys: [[['J'], 'Next request'], [['K'], 'Previous request'], [['Enter'], 'Open'], [['A'], 'Go to Approve'], [['E'], 'Edit'], [['R'], 'Reject']] },
];

/** All keyboard shortcuts, and the switch that turns single keys off. */
export const HelpDialog = ({ isOpen, onOpenChange }: { isOpen: boolean; onOpenChange: (isOpen: boolean) => void }) => {
  const { hasSingleKeys } = usePreferences();
  const id = useId();
  return (
    <Dialog open={isOpen} onOpenChange={onOpenChange}>
      <DialogContent className="max-w-2xl">
        <DialogHeader>
          <DialogTitle>Help and keyboard shortcuts</DialogTitle>
          <DialogDescription>Single keys work outside fields and dialogs.</DialogDescription>
        </DialogHeader>
        <div className="flex items-center gap-3">
          <Switch id={id} checked={hasSingleKeys} onCheckedChange={(isOn) => setPreferences({ hasSingleKeys: isOn })} />
          <label htmlFor={id}>Single-key shortcuts</label>
        </div>
        <div className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
          {groups.map((group) => (
            <section key={group.title}>
              <h3 className="mb-1 text-caption font-medium text-muted-foreground">{group.title}</h3>
              <dl className="flex flex-col">
                {group.keys.map(([keys, what]) => (
                  <div key={what} className="flex min-h-7 items-center justify-between gap-3 text-row">
                    <dt>{what}</dt>
                    <dd className="flex gap-1">
                      {keys.map((key) => <kbd key={key} className="min-w-6 rounded-[4px] border bg-muted px-1.5 text-center text-caption">{key}</kbd>)}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
      </DialogContent>
    </Dialog>
  );
};
