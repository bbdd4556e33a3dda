import { ExportMenu } from '@/components/export-menu.tsx';
import { readAllPages } from '@/lib/read-all-pages.ts';
import { historyColumns, historyQuery } from '../history-export.ts';
import type { ApprovalsSearch } from '../search.ts';

/** Saves the decisions the filters match. */
export const HistoryExportMenu = ({ search }: { search: ApprovalsSearch }) => (
  <ExportMenu name="approvals" noun="decision" load={() => readAllPages('listApprovals', { query: historyQuery(search) })} columns={historyColumns} />
);
