import { themeLooks } from '@/components/layout/theme-button.tsx';
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card.tsx';
import { setPreferences, themes, usePreferences } from '@/lib/preferences.ts';
import { Choice } from './choice.tsx';
import { SwitchRow } from './switch-row.tsx';

/** Theme, density, keys and hints; applied at once and kept in this browser. */
export const AppearanceCard = () => {
  const { theme, density, hasSingleKeys, isDemoHidden, isChecklistDismissed } = usePreferences();
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
        <SwitchRow
          label="Single-key shortcuts"
          about={<>Such as <kbd>G</kbd> <kbd>A</kbd> for agents. Press <kbd>?</kbd> to see them all. Speech input may want them off.</>}
          isOn={hasSingleKeys}
          onChange={(isOn) => setPreferences({ hasSingleKeys: isOn })}
        />
        <SwitchRow label="Show the demo agent" about="On the dashboard and in the list of agents." isOn={!isDemoHidden} onChange={(isOn) => setPreferences({ isDemoHidden: !isOn })} />
        <SwitchRow label="Show next steps" about="On the dashboard, until they are done." isOn={!isChecklistDismissed} onChange={(isOn) => setPreferences({ isChecklistDismissed: !isOn })} />
        <p className="text-caption text-muted-foreground">Kept in this browser.</p>
      </CardContent>
    </Card>
  );
};
