import type { LinkProps } from '@tanstack/react-router';
import { Activity, Bot, CirclePlay, LayoutDashboard, type LucideIcon, Plug, Scale, ShieldQuestion } from 'lucide-react';

export interface NavigationItem {
  label: string;
  to: NonNullable<LinkProps['to']>;
  icon: LucideIcon;
  /** Second key after G. */
  key: string;
  /** Paths of pages that belong to this item although they lie elsewhere. */
  alsoAt?: string[];
}

/** The sidebar's items in their order. */
export const navigationItems: NavigationItem[] = [
  { label: 'Dashboard', to: '/maestro', icon: LayoutDashboard, key: 'd' },
  { label: 'Agents', to: '/agents', icon: Bot, key: 'a', alsoAt: ['/maestro/agents'] },
  { label: 'Runs', to: '/maestro/runs', icon: CirclePlay, key: 'r' },
  { label: 'Approvals', to: '/hitl', icon: ShieldQuestion, key: 'h' },
  { label: 'Observability', to: '/observability', icon: Activity, key: 'o' },
  { label: 'Governance', to: '/governance', icon: Scale, key: 'p' },
  { label: 'Integrations', to: '/integrations', icon: Plug, key: 'i' },
];

/** Whether `path` lies in an item's part of the app. The dashboard is its own page alone. */
export const isItemActive = (item: NavigationItem, path: string): boolean => {
  const places = [item.to, ...(item.alsoAt ?? [])];
  return places.some((place) => path === place || (place !== '/maestro' && path.startsWith(`${place}/`)));
};
