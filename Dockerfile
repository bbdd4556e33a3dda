# One image for api, worker and migrations; the command chooses (see docker-compose.yml).
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev
COPY . .
RUN node scripts/build.ts && npm prune --omit=dev

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 MAESTRO_DATA_DIR=/data
WORKDIR /app
COPY --from=build --chown=root:root /app .
# The only place the processes write to: the memory image of the Python sandbox.
RUN mkdir /data && chown node:node /data
VOLUME /data
USER node
EXPOSE 8000
CMD ["node", "api/server.ts"]
