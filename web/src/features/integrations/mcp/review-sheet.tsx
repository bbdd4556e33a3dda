import type { McpServer, McpTool } from '@contracts/mcp-servers.ts';
import type { RiskLevel, ToolEffect } from '@contracts/tools.ts';
import { riskLevels, toolEffects } from '@contracts/tools.ts';
import { useQueryClient } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { toast } from 'sonner';
import { ArgumentChanges } from '@/components/approval/arguments/argument-changes.tsx';
import { ConfirmDialog } from '@/components/confirm-dialog.tsx';
import { RelativeTime } from '@/components/figures.tsx';
import { announce } from '@/components/layout/live-region.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Field, FieldError } from '@/components/ui/field.tsx';
import { Select } from '@/components/ui/select.tsx';
import { Sheet, SheetContent, SheetDescription, SheetTitle } from '@/components/ui/sheet.tsx';
import { toolEffectWords } from '@/components/tools/tool-marks.tsx';
import { useFormKeys } from '@/hooks/use-form-keys.ts';
import { api } from '@/lib/api-client.ts';
import { hasCode, sentenceOf } from '@/lib/api-error.ts';
import { refresh } from '@/lib/api-query.ts';
import { countOf } from '@/lib/format.ts';
import { whoWrites } from '../components/who-writes.ts';
import { SwitchField } from '../forms/switch-field.tsx';
import { DefinitionView } from './definition-view.tsx';
import { currentOf, loweredParts, sortTools, startingVerdict } from './mcp-words.ts';

/** What is said of a tool before it is judged. */
const Notice = ({ tool }: { tool: McpTool }) => {
  if (tool.status === 'missing') return <p className="rounded-control bg-failed-tint p-3 text-row text-failed-text">The server no longer lists this tool, so it is not offered to models. It comes back by itself, as it was reviewed, if the server lists it again.</p>;
  if (tool.pending === null) return null;
  return (
    <div className="flex flex-col gap-3">
      <p className="flex gap-2 rounded-control bg-waiting-tint p-3 text-row text-waiting-text">
        <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
        <span>The server defines it differently by now{tool.reviewed_by !== null && <> than when {tool.reviewed_by} reviewed it</>} (found <RelativeTime at={tool.pending.found_at} />). It is held until somebody agrees to what it says now.</span>
      </p>
      <section aria-label="What changed">
        <h3 className="mb-2 text-body font-semibold">What changed</h3>
        <ArgumentChanges before={tool.definition} after={tool.pending.definition} />
      </section>
    </div>
  );
};

/**
 * The review of one tool of a server: what it says of itself, what changed since the last review, and the verdict. The verdict is of
 * the definition that was shown: when the server says something else meanwhile, it is shown before anything is decided.
 */
export const ReviewSheet = ({ server, tool, canWrite, onNext, onClose }: { server: McpServer; tool: McpTool; canWrite: boolean; onNext: (id: string) => void; onClose: () => void }) => {
  const queryClient = useQueryClient();
  // As it was when the reader began to read: nothing changes under their eyes.
  const [seen, setSeen] = useState(tool);
  const [isOn, setIsOn] = useState(tool.status === 'new' || tool.is_enabled);
  const [verdict, setVerdict] = useState(() => startingVerdict(tool));
  const [error, setError] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const [isAsking, setIsAsking] = useState(false);
  const ref = useRef<HTMLFormElement>(null);
  const isOutdated = currentOf(tool).hash !== currentOf(seen).hash;
  const lowered = loweredParts(verdict, seen);
  const next = sortTools(server.tools).find(({ id, status }) => id !== tool.id && (status === 'new' || status === 'changed'));

  const save = async (): Promise<void> => {
    setIsBusy(true);
    setError(undefined);
    try {
      await api.call('reviewMcpTool', { params: { id: server.id, tool_id: tool.id }, body: { hash: currentOf(seen).hash, is_enabled: isOn, ...verdict } });
      await refresh(queryClient, 'listMcpServers', 'listTools', 'listToolSettings', 'listIntegrations');
      const done = `${tool.registered_name} is ${isOn ? 'on' : 'off'}`;
      if (next === undefined) {
        toast.success(done);
        onClose();
      } else {
        // A toast would lie over the button that is pressed next.
        announce(`${done}.`);
        onNext(next.id);
      }
    } catch (thrown) {
      // The new definition comes with the list; the notice above asks to look at it.
      if (hasCode(thrown, 'MCP_TOOL_CHANGED', 'MCP_TOOL_NOT_FOUND')) await refresh(queryClient, 'listMcpServers');
      setError(sentenceOf(thrown));
    } finally {
      setIsBusy(false);
    }
  };
  const submit = (event?: FormEvent): void => {
    event?.preventDefault();
    if (isBusy || isOutdated || !canWrite) return;
    if (isOn && lowered.length > 0) setIsAsking(true);
    else void save();
  };
  useFormKeys(ref, { onSend: submit });
  const isSwitchedOff = tool.status === 'on' && !isOn && tool.used_by_agents.length > 0;
  return (
    <Sheet open onOpenChange={(isOpen) => !isOpen && onClose()}>
      {/* There is something to read before anything is pressed. */}
      <SheetContent
        className="max-w-3xl gap-0 overflow-clip p-0 outline-none"
        onOpenAutoFocus={(event) => {
          event.preventDefault();
          (event.currentTarget as HTMLElement | null)?.focus();
        }}
      >
        <div className="border-b p-4 sm:px-6">
          <SheetTitle className="font-mono text-title wrap-anywhere">{tool.registered_name}</SheetTitle>
          <SheetDescription>A tool of {server.name}. What the server says of it is read by models: look for words that are meant for them and not for you.{!canWrite && ` Your role reads it; ${whoWrites} review it.`}</SheetDescription>
        </div>
        <form ref={ref} onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
          <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-4 sm:px-6">
            {isOutdated && (
              <div role="alert" className="flex flex-col items-start gap-2 rounded-control bg-waiting-tint p-3 text-row text-waiting-text">
                <p>The server defines it differently since you opened this. Nothing was decided.</p>
                <Button variant="outline" size="small" onClick={() => setSeen(tool)}>Show what it says now</Button>
              </div>
            )}
            <Notice tool={seen} />
            <DefinitionView definition={currentOf(seen).definition} />
            <fieldset disabled={!canWrite} className="flex min-w-0 flex-col gap-4 border-t pt-4">
              <legend className="sr-only">Verdict</legend>
              <SwitchField name="is_enabled" label="Offer it to agents" hint="Off: no agent can use it, though it may stand in a definition." isOn={isOn} onChange={setIsOn} isDisabled={!canWrite} />
              {isSwitchedOff && <p role="status" className="text-row text-waiting-text">{tool.used_by_agents.map(({ name }) => name).join(', ')} will go on without it.</p>}
              <div className="grid gap-4 sm:grid-cols-2">
                <Field label="Risk" hint="HIGH asks a person before each call; CRITICAL is refused unless a policy allows it.">
                  {(control) => (
                    <Select {...control} name="risk" value={verdict.risk} onChange={(event) => setVerdict({ ...verdict, risk: event.target.value as RiskLevel })}>
                      {riskLevels.map((risk) => <option key={risk} value={risk}>{risk}{risk === seen.proposed_risk && ' (proposed)'}</option>)}
                    </Select>
                  )}
                </Field>
                <Field label="Effect" hint={toolEffectWords[verdict.effect].meaning}>
                  {(control) => (
                    <Select {...control} name="effect" value={verdict.effect} onChange={(event) => setVerdict({ ...verdict, effect: event.target.value as ToolEffect })}>
                      {toolEffects.map((effect) => <option key={effect} value={effect}>{effect}: {toolEffectWords[effect].word}{effect === seen.proposed_effect && ' (proposed)'}</option>)}
                    </Select>
                  )}
                </Field>
              </div>
              {lowered.length > 0 && <p role="status" className="text-row text-waiting-text">You trust it more than proposed: {lowered.join(' and ')}.</p>}
            </fieldset>
            {error !== undefined && <div role="alert"><FieldError>{error}</FieldError></div>}
          </div>
          <div className="flex flex-row-reverse flex-wrap items-center gap-3 border-t bg-popover px-4 py-3 sm:px-6">
            {canWrite && <Button type="submit" isBusy={isBusy} disabled={isOutdated}>{isOn ? 'Switch on' : 'Keep off'}{next !== undefined && ', next'}</Button>}
            <Button variant="outline" onClick={onClose} disabled={isBusy}>{canWrite ? 'Cancel' : 'Close'}</Button>
            {server.to_review > 0 && <span className="mr-auto text-caption text-muted-foreground">{countOf(server.to_review, 'tool')} to review</span>}
          </div>
        </form>
        <ConfirmDialog isOpen={isAsking} onOpenChange={setIsAsking} title={`Trust ${tool.registered_name} more than proposed?`} confirmLabel="Switch on so" cancelLabel="Not yet" isDestructive={false} onConfirm={save}>
          <p>{lowered.join(' and ').replace(/^./, (first) => first.toUpperCase())}. Calls that would have waited for a person, or never been repeated, may run by themselves.</p>
        </ConfirmDialog>
      </SheetContent>
    </Sheet>
  );
};
