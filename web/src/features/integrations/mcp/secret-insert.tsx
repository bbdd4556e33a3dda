import { secretNamesIn, toSecretReference } from '@contracts/secrets.ts';
import { useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import type { RefObject } from 'react';
import { Button } from '@/components/ui/button.tsx';
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuLabel, DropdownMenuTrigger } from '@/components/ui/dropdown-menu.tsx';
import { apiQuery } from '@/lib/api-query.ts';

/** Puts a reference to a secret where the cursor of a text field stands, and says which references lead nowhere. */
export const SecretInsert = ({ inputRef, text, onText }: { inputRef: RefObject<HTMLTextAreaElement | null>; text: string; onText: (text: string) => void }) => {
  const secrets = useQuery(apiQuery('listSecrets')).data?.items;
  const insert = (name: string): void => {
    const [from, to] = [inputRef.current?.selectionStart ?? text.length, inputRef.current?.selectionEnd ?? text.length];
    onText(text.slice(0, from) + toSecretReference(name) + text.slice(to));
  };
  const unknown = secrets === undefined ? [] : secretNamesIn(text).filter((name) => !secrets.some((secret) => secret.name === name));
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <DropdownMenu>
        <DropdownMenuTrigger asChild><Button variant="outline" size="small"><KeyRound aria-hidden />Insert a secret</Button></DropdownMenuTrigger>
        <DropdownMenuContent
          align="start"
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            inputRef.current?.focus();
          }}
        >
          {(secrets ?? []).length === 0 ? <DropdownMenuLabel>There is no secret yet; add one on the tab Secrets.</DropdownMenuLabel> : secrets?.map(({ id, name }) => <DropdownMenuItem key={id} onSelect={() => insert(name)} className="font-mono">{name}</DropdownMenuItem>)}
        </DropdownMenuContent>
      </DropdownMenu>
      {unknown.length > 0 && <p role="status" className="text-row text-waiting-text">There is no secret called {unknown.join(', ')} yet.</p>}
    </div>
  );
};
