export const bareActivities = {
  async bareActivity({ iteration }: { iteration: number }): Promise<{ iteration: number }> {
    return { iteration };
  },
};
export type BareActivities = typeof bareActivities;
