import type { PolicyDetails } from '@contracts/policies.ts';
import { Link } from '@tanstack/react-router';
import { PencilLine } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { PageHeader } from '@/components/layout/page-header.tsx';
import { EffectPill } from '@/components/policies/effect-pill.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { useCan } from '@/lib/auth.tsx';
import { formatInteger } from '@/lib/format.ts';
import { governanceCrumbs, onlyAdminsWords } from './policy-words.ts';

const CedarEditor = lazy(() => import('./cedar-editor/cedar-editor.tsx').then((module) => ({ default: module.CedarEditor })));

/** A shipped policy: read, and overridden by writing another one. */
export const BuiltInPolicy = ({ policy }: { policy: PolicyDetails }) => {
  const canWrite = useCan('policies:write');
  return (
    <>
      <PageHeader
        title={policy.name}
        crumbs={governanceCrumbs}
        heading={<>{policy.name}<Badge>Built in</Badge><EffectPill effect={policy.effect} /></>}
        description={policy.description}
        actions={canWrite && <Button asChild><Link to="/governance/policies/$policyId" params={{ policyId: 'new' }} search={{ overrides: policy.id }}><PencilLine aria-hidden />Write one that overrides it</Link></Button>}
      />
      <Card>
        <CardHeader><CardTitle>Cedar text</CardTitle><span className="text-row text-muted-foreground">{formatInteger(policy.matches_7d)} matches in 7 days</span></CardHeader>
        <CardContent className="flex flex-col gap-3">
          <p className="max-w-prose text-row text-muted-foreground">Built-in policies only permit and are part of every set. A policy of yours that blocks or asks is stricter and wins; one that allows more is looser. {!canWrite && onlyAdminsWords}</p>
          <Suspense fallback={<Skeleton className="h-64" />}><CedarEditor value={policy.cedar ?? ''} label={`Cedar text of ${policy.name}`} isReadOnly /></Suspense>
        </CardContent>
      </Card>
    </>
  );
};
