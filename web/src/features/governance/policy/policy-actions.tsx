import type { PolicyDetails } from '@contracts/policies.ts';
import { Link } from '@tanstack/react-router';
import { EllipsisVertical, FlaskConical, PowerOff, Rocket, Save, Trash2 } from 'lucide-react';
import { Button } from '@/components/ui/button.tsx';
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from '@/components/ui/dropdown-menu.tsx';
import { Tooltip } from '@/components/ui/tooltip.tsx';
import type { EditorState } from './editor-state.ts';

/** Why the draft cannot go live as it stands; undefined: it can. */
const publishRefusal = ({ policy, state, isUnsaved, isIncomplete }: { policy: PolicyDetails | undefined; state: EditorState; isUnsaved: boolean; isIncomplete: boolean }): string | undefined => {
  if (policy === undefined) return 'Save it as a draft first.';
  if (isIncomplete) return 'The form is not complete.';
  if (state.lead !== 'both') return 'It is being checked.';
  if (!state.isValid) return 'It has errors; only a valid policy goes live.';
  if (policy.has_draft || isUnsaved) return undefined;
  return policy.state === 'live' ? 'This text is in force already.' : 'It is off; under Versions any of its texts can be made live again.';
};

/** The buttons of a policy: save, make live, and the rest in a menu. */
export const PolicyActions = ({ policy, state, isUnsaved, isIncomplete, isSaving, onSave, onPublish, onTurnOff, onDiscard }: {
  policy: PolicyDetails | undefined;
  state: EditorState;
  isUnsaved: boolean;
  isIncomplete: boolean;
  isSaving: boolean;
  onSave: () => void;
  onPublish: () => void;
  onTurnOff: () => void;
  onDiscard: () => void;
}) => {
  const refusal = publishRefusal({ policy, state, isUnsaved, isIncomplete });
  const saveRefusal = state.name.trim() === '' ? 'Give the policy a name first.' : isIncomplete ? 'The form is not complete.' : !isUnsaved ? 'Everything is saved.' : undefined;
  const hasMenu = policy !== undefined && (policy.state === 'live' || policy.has_draft);
  const save = <Button variant="outline" isBusy={isSaving} aria-disabled={saveRefusal !== undefined || undefined} onClick={() => saveRefusal === undefined && onSave()}><Save aria-hidden />Save draft</Button>;
  const publish = <Button aria-disabled={refusal !== undefined || isSaving || undefined} onClick={() => refusal === undefined && !isSaving && onPublish()}><Rocket aria-hidden />Make live…</Button>;
  return (
    <>
      {saveRefusal === undefined ? save : <Tooltip text={saveRefusal}>{save}</Tooltip>}
      {refusal === undefined ? publish : <Tooltip text={refusal}>{publish}</Tooltip>}
      {hasMenu && (
        <DropdownMenu>
          <DropdownMenuTrigger asChild><Button variant="outline" size="icon" aria-label="More actions for this policy"><EllipsisVertical aria-hidden /></Button></DropdownMenuTrigger>
          <DropdownMenuContent align="end">
            {policy.has_draft && <DropdownMenuItem asChild><Link to="/governance" search={{ tab: 'backtest', policy: policy.id }}><FlaskConical aria-hidden />Back-test the draft</Link></DropdownMenuItem>}
            {policy.has_draft && <DropdownMenuItem isDestructive onSelect={onDiscard}><Trash2 aria-hidden />{policy.state === 'draft' ? 'Delete the policy' : 'Throw the draft away'}</DropdownMenuItem>}
            {policy.state === 'live' && <DropdownMenuItem isDestructive onSelect={onTurnOff}><PowerOff aria-hidden />Turn off</DropdownMenuItem>}
          </DropdownMenuContent>
        </DropdownMenu>
      )}
    </>
  );
};
