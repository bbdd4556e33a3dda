import type { Step } from '@contracts/runs.ts';
import { type ReactNode, Suspense } from 'react';
import { Sheet, SheetContent, SheetTitle } from '@/components/ui/sheet.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { StepTitle } from '../inspector/step-title.tsx';

/** A sheet around the details of a step; closed while there is none. */
export const SheetOfStep = ({ step, onClose, children }: { step: Step | undefined; onClose: () => void; children: ReactNode }) => (
  <Sheet open={step !== undefined} onOpenChange={(isOpen) => !isOpen && onClose()}>
    {step !== undefined && (
      <SheetContent aria-describedby={undefined}>
        <SheetTitle className="text-body"><StepTitle step={step} /></SheetTitle>
        <Suspense fallback={<Skeleton className="h-64" />}>{children}</Suspense>
      </SheetContent>
    )}
  </Sheet>
);
