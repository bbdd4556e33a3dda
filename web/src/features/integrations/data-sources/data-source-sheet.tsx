import type { DataSource } from '@contracts/data-sources.ts';
import { FormSheet } from '../forms/form-sheet.tsx';
import { DataSourceForm } from './data-source-form.tsx';

/** The sheet of a data source: a new one, or the one that is given. */
export const DataSourceSheet = ({ source, onClose }: { source?: DataSource | undefined; onClose: () => void }) => (
  <FormSheet
    title={source === undefined ? 'Add a data source' : `Edit ${source.name}`}
    description={source === undefined ? 'A PostgreSQL database agents may read with run_sql. Give it a role that may only read.' : 'Queries use the new values at once.'}
    isOpen
    onOpenChange={(isOpen) => !isOpen && onClose()}
  >
    {(form) => <DataSourceForm source={source} {...form} />}
  </FormSheet>
);
