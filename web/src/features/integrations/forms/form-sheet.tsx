import { type ReactNode, useState } from 'react';
import { Sheet, SheetContent, SheetDescription, SheetTitle } from '@/components/ui/sheet.tsx';

/** A sheet around a form. While the form holds typed values a press beside the sheet does not close it. */
export const FormSheet = ({ title, description, isOpen, onOpenChange, children }: {
  title: string;
  description: ReactNode;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  children: (form: { onDone: () => void; onDirty: (isDirty: boolean) => void }) => ReactNode;
}) => {
  const [isDirty, setIsDirty] = useState(false);
  return (
    <Sheet open={isOpen} onOpenChange={onOpenChange}>
      <SheetContent className="gap-0 overflow-clip p-0" onInteractOutside={(event) => isDirty && event.preventDefault()}>
        <div className="border-b p-4 sm:px-6">
          <SheetTitle className="text-page wrap-anywhere">{title}</SheetTitle>
          <SheetDescription>{description}</SheetDescription>
        </div>
        {children({ onDone: () => onOpenChange(false), onDirty: setIsDirty })}
      </SheetContent>
    </Sheet>
  );
};
