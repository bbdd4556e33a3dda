/** Mark and name of the product. */
export const Wordmark = ({ isIconOnly = false }: { isIconOnly?: boolean }) => (
  <span className="inline-flex items-center gap-2.5 font-semibold">
    <img src="/maestro.svg" alt={isIconOnly ? 'Maestro' : ''} width={24} height={24} className="shrink-0" />
    {!isIconOnly && <span className="text-title">Maestro</span>}
  </span>
);
