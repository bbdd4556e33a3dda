import { type ClassValue, clsx } from 'clsx';
import { extendTailwindMerge } from 'tailwind-merge';

const merge = extendTailwindMerge({
  extend: {
    classGroups: {
      'font-size': [{ text: ['caption', 'row', 'body', 'field', 'title', 'page', 'headline'] }],
      rounded: [{ rounded: ['control', 'card', 'full'] }],
    },
  },
});

/** Joins class names; of two Tailwind classes about the same thing the later one wins. */
export const cn = (...classes: ClassValue[]): string => merge(clsx(classes));
