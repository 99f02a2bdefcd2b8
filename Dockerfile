# syntax=docker/dockerfile:1

FROM node:24.21.0-bookworm-slim AS build
# better-sqlite3 is compiled where its prebuilt binary cannot be fetched.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends g++ make python3 \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json ./
COPY scripts ./scripts
COPY prisma ./prisma
RUN node scripts/prepare.js --generate
COPY . .
RUN node scripts/prepare.js --build
# What only building needs goes. Prisma's command line is an optional peer of its client, and --omit=optional would
# take argon2's binary along: so the development dependencies are taken out of package.json first.
RUN npm pkg delete devDependencies optionalDependencies \
  && npm prune --omit=peer --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/.cache node_modules/better-sqlite3/deps node_modules/better-sqlite3/build/Release/obj* \
  && mkdir /data

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production \
  HOST=0.0.0.0 \
  PORT=3000 \
  DATABASE_URL=file:/data/staff-bearings.db
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/prisma ./prisma
COPY --from=build /app/content ./content
COPY --from=build /app/views ./views
COPY --from=build /app/public ./public
COPY --from=build --chown=node:node /data /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s --retries=3 \
  CMD ["node", "--eval", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# As `npm start` runs it; README.md says what the two settings do.
CMD ["node", "--max-semi-space-size=16", "--max-old-space-size=512", "dist/server.js"]
