import { useLocation } from '@tanstack/react-router';
import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import { cn } from '@/lib/cn.ts';
import { type Crumb, setCrumbs } from './page-info.ts';
import { usePendingApprovals } from './pending-approvals.ts';

/** The path that had the focus last; the first page of a visit leaves focus where the browser put it. */
let focusedPath: string | undefined;

/** Sets `document.title` as `(2) Page · Maestro`, the number being approvals the reader may decide. */
export const PageTitle = ({ title }: { title: string }) => {
  const { count, label } = usePendingApprovals();
  return <title>{`${count > 0 ? `(${label}) ` : ''}${title} · Maestro`}</title>;
};

/**
 * Head of a page: the one `h1`, which receives the focus when the route changes, the breadcrumbs and title of the page,
 * and its actions on the right. `crumbs` are the places above this page.
 */
export const PageHeader = ({
  title,
  heading,
  description,
  crumbs = [],
  actions,
  className,
}: {
  /** Words of the title and the last breadcrumb. */
  title: string;
  /** What the h1 shows, where it is more than the title. */
  heading?: ReactNode;
  description?: ReactNode;
  crumbs?: Crumb[];
  actions?: ReactNode;
  className?: string;
}) => {
  const ref = useRef<HTMLHeadingElement>(null);
  const path = useLocation({ select: (location) => location.pathname });
  const crumbKey = JSON.stringify(crumbs);
  useLayoutEffect(() => setCrumbs([...(JSON.parse(crumbKey) as Crumb[]), { label: title }]), [crumbKey, title]);
  useEffect(() => {
    if (focusedPath !== undefined && focusedPath !== path) ref.current?.focus({ preventScroll: true });
    focusedPath = path;
  }, [path]);
  return (
    <header className={cn('mb-4 flex flex-wrap items-start justify-between gap-x-4 gap-y-2', className)}>
      <PageTitle title={title} />
      <div className="min-w-0">
        <h1 ref={ref} tabIndex={-1} className="flex flex-wrap items-center gap-2 text-page font-semibold wrap-anywhere">{heading ?? title}</h1>
        {description !== undefined && <div className="text-body text-muted-foreground">{description}</div>}
      </div>
      {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
};
