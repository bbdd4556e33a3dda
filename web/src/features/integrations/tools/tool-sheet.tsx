import type { ToolSettings } from '@contracts/tool-settings.ts';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { whoWrites } from '../components/who-writes.ts';
import { FormSheet } from '../forms/form-sheet.tsx';
import { ToolForm } from './tool-form.tsx';

/** The sheet of one tool; those who may not change it read it. */
export const ToolSheet = ({ tool, held, canWrite, onClose }: { tool: ToolSettings; held: string | undefined; canWrite: boolean; onClose: () => void }) => (
  <FormSheet
    title={tool.name}
    description={<><UntrustedText text={tool.description} />{!canWrite && <span className="mt-1 block">Your role reads this; {whoWrites} change it.</span>}</>}
    isOpen
    onOpenChange={(isOpen) => !isOpen && onClose()}
  >
    {(form) => <ToolForm tool={tool} held={held} canWrite={canWrite} {...form} />}
  </FormSheet>
);
