import { type ReactNode, useId } from 'react';
import { themeLooks } from '@/components/layout/theme-button.tsx';
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card.tsx';
import { Switch } from '@/components/ui/switch.tsx';
import { cn } from '@/lib/cn.ts';
import { setPreferences, themes, usePreferences } from '@/lib/preferences.ts';

/** One of few, side by side. */
const Choice = <Value extends string>({ legend, name, value, options, onChange }: { legend: string; name: string; value: Value; options: readonly { value: Value; label: ReactNode }[]; onChange: (value: Value) => void }) => (
  <fieldset>
    <legend className="mb-1.5 text-body font-medium">{legend}</legend>
    <div className="inline-flex max-w-full flex-wrap rounded-control border border-input">
      {options.map((option) => (
        <label key={option.value} className={cn('flex min-h-9 cursor-pointer items-center gap-2 border-r border-input px-3 text-body first:rounded-l-control last:rounded-r-control last:border-r-0 max-sm:min-h-11 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-ring [&_svg]:size-4', option.value === value ? 'bg-primary font-medium text-primary-foreground' : 'hover:bg-muted')}>
          <input type="radio" name={name} value={option.value} checked={option.value === value} onChange={() => onChange(option.value)} className="sr-only" />
          {option.label}
        </label>
      ))}
    </div>
  </fieldset>
);

const ShortcutSwitch = () => {
  const { hasSingleKeys } = usePreferences();
  const id = useId();
  return (
    <div className="flex items-start gap-3">
      <Switch id={id} checked={hasSingleKeys} onCheckedChange={(isOn) => setPreferences({ hasSingleKeys: isOn })} aria-describedby={`${id}-about`} />
      <div>
        <label htmlFor={id} className="text-body font-medium">Single-key shortcuts</label>
        <p id={`${id}-about`} className="text-caption text-muted-foreground">Such as <kbd>G</kbd> <kbd>A</kbd> for agents. Press <kbd>?</kbd> to see them all. Speech input may want them off.</p>
      </div>
    </div>
  );
};

const HintSwitch = ({ label, about, isOn, onChange }: { label: string; about: string; isOn: boolean; onChange: (isOn: boolean) => void }) => {
  const id = useId();
  return (
    <div className="flex items-start gap-3">
      <Switch id={id} checked={isOn} onCheckedChange={onChange} aria-describedby={`${id}-about`} />
      <div>
        <label htmlFor={id} className="text-body font-medium">{label}</label>
        <p id={`${id}-about`} className="text-caption text-muted-foreground">{about}</p>
      </div>
    </div>
  );
};

/** Theme, density, keys and hints; applied at once and kept in this browser. */
export const AppearanceCard = () => {
  const { theme, density, isDemoHidden, isChecklistDismissed } = usePreferences();
  return (
    <Card aria-labelledby="appearance">
      <CardHeader><CardTitle id="appearance">Appearance and keys</CardTitle></CardHeader>
      <CardContent className="flex flex-col gap-5">
        <Choice
          legend="Theme"
          name="theme"
          value={theme}
          onChange={(next) => setPreferences({ theme: next })}
          options={themes.map((value) => {
            const { icon: Icon, word } = themeLooks[value];
            return { value, label: <><Icon aria-hidden />{word}</> };
          })}
        />
        <Choice legend="Density" name="density" value={density} onChange={(next) => setPreferences({ density: next })} options={[{ value: 'comfortable', label: 'Comfortable' }, { value: 'compact', label: 'Compact' }]} />
        <ShortcutSwitch />
        <HintSwitch label="Show the demo agent" about="On the dashboard and in the list of agents." isOn={!isDemoHidden} onChange={(isOn) => setPreferences({ isDemoHidden: !isOn })} />
        <HintSwitch label="Show next steps" about="On the dashboard, until they are done." isOn={!isChecklistDismissed} onChange={(isOn) => setPreferences({ isChecklistDismissed: !isOn })} />
        <p className="text-caption text-muted-foreground">Kept in this browser.</p>
      </CardContent>
    </Card>
  );
};
