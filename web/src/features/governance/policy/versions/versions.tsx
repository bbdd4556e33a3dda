import type { PolicyDetails, PolicyVersion } from '@contracts/policies.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { DataBlock } from '@/components/data-block.tsx';
import { MoreRows } from '@/components/data-table/more-rows.tsx';
import { RelativeTime } from '@/components/figures.tsx';
import { DiffRows } from '@/components/text-diff/diff-rows.tsx';
import { diffLines } from '@/components/text-diff/line-diff.ts';
import { Badge } from '@/components/ui/badge.tsx';
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { VersionRow } from '@/components/version-row.tsx';
import { apiPages } from '@/lib/api-query.ts';
import { useCan } from '@/lib/auth.tsx';
import { NoteDialog } from '../dialogs/note-dialog.tsx';
import type { OnPolicySearch, PolicySearch } from '../../search.ts';

const VersionText = ({ version, previous }: { version: PolicyVersion; previous: PolicyVersion | undefined }) => {
  const id = useId();
  return (
    <Card aria-labelledby={id}>
      <CardHeader><CardTitle id={id}>{previous === undefined ? `Version ${version.version}` : `Version ${previous.version} and version ${version.version}`}</CardTitle></CardHeader>
      <CardContent className="flex flex-col gap-3">
        <p className="text-body"><UntrustedText text={version.note} /></p>
        <p className="text-row text-muted-foreground">
          {version.back_test_id !== null && <>Went live after <Link to="/governance" search={{ tab: 'backtest', back_test: version.back_test_id }} className="text-primary underline underline-offset-4 hover:no-underline">a back-test</Link>.</>}
          {version.reason_without_back_test !== null && <>Without a back-test: <UntrustedText text={version.reason_without_back_test} /></>}
        </p>
        <div tabIndex={0} role="region" aria-label={previous === undefined ? 'Text of the version' : 'Text of the version beside the one before'} className="max-h-[70vh] overflow-y-auto rounded-control border py-1 font-mono">
          {previous === undefined ? <pre className="px-3 text-row whitespace-pre-wrap wrap-anywhere">{version.cedar}</pre> : <DiffRows rows={diffLines(previous.cedar, version.cedar)} />}
        </div>
      </CardContent>
    </Card>
  );
};

/** All versions that were ever live, each beside the one before, and the way back to one. */
export const Versions = ({ policy, search, onSearch, onRollBack }: { policy: PolicyDetails; search: PolicySearch; onSearch: OnPolicySearch; onRollBack: (version: number, note: string) => Promise<void> }) => {
  const query = useInfiniteQuery(apiPages('listPolicyVersions', { params: { id: policy.id } }));
  const canWrite = useCan('policies:write');
  const [rollingBack, setRollingBack] = useState<number>();
  return (
    <DataBlock query={query} what="Versions" skeleton={<Skeleton className="h-64" />}>
      {({ pages }) => {
        const all = pages.flatMap(({ items }) => items);
        const shown = all.find(({ version }) => version === search.version) ?? all[0];
        return (
          <div className="grid items-start gap-4 lg:grid-cols-[20rem_minmax(0,1fr)]">
            <div>
              <ol aria-label="Versions, newest first" className="rounded-card border bg-card">
                {all.map((version) => (
                  <VersionRow
                    key={version.version}
                    version={version.version}
                    isShown={version === shown}
                    badges={<>
                      {version.is_live && <Badge className="ml-2 bg-completed-tint text-completed-text">In force</Badge>}
                      {version.rolled_back_to !== null && <Badge className="ml-2">text of {version.rolled_back_to}</Badge>}
                    </>}
                    onShow={() => onSearch({ version: version === all[0] ? undefined : version.version })}
                    wayBack={canWrite && !version.is_live ? { word: 'Roll back', label: `Roll back to version ${version.version}`, onPress: () => setRollingBack(version.version) } : undefined}
                  >
                    <p className="text-caption text-muted-foreground"><UntrustedText text={version.created_by.name} /> · <RelativeTime at={version.created_at} /></p>
                    <p className="line-clamp-2 text-row"><UntrustedText text={version.note} /></p>
                  </VersionRow>
                ))}
              </ol>
              <MoreRows shown={all.length} noun="version" hasMore={query.hasNextPage} isLoading={query.isFetchingNextPage} onMore={() => void query.fetchNextPage()} />
            </div>
            {shown !== undefined && <VersionText version={shown} previous={all.find(({ version }) => version === shown.version - 1)} />}
            {rollingBack !== undefined && (
              <NoteDialog
                title={`Roll back to version ${rollingBack}?`}
                confirmLabel={`Roll back to version ${rollingBack}`}
                onClose={() => setRollingBack(undefined)}
                onConfirm={async (note) => {
                  await onRollBack(rollingBack, note);
                  setRollingBack(undefined);
                }}
              >
                Its text becomes the newest version and is in force at once. No version is lost{policy.has_draft && ', and the draft stays'}.
              </NoteDialog>
            )}
          </div>
        );
      }}
    </DataBlock>
  );
};
