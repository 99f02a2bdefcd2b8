-- Accounts: initial passwords, authenticator apps, recovery codes
ALTER TABLE "Admin" ADD COLUMN "initialUntil" DATETIME;
ALTER TABLE "Admin" ADD COLUMN "totpSecret" TEXT;
ALTER TABLE "Admin" ADD COLUMN "totpStep" INTEGER;

CREATE TABLE "RecoveryCode" (
    "adminName" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    PRIMARY KEY ("adminName", "hash"),
    CONSTRAINT "RecoveryCode_adminName_fkey" FOREIGN KEY ("adminName") REFERENCES "Admin" ("name") ON DELETE CASCADE ON UPDATE CASCADE
);

-- Sessions and failed logins are short-lived: they begin anew, and every admin logs in again.
DROP TABLE "Session";
CREATE TABLE "Session" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "adminName" TEXT NOT NULL,
    "startedAt" DATETIME NOT NULL,
    "seenAt" DATETIME NOT NULL,
    "confirmedAt" DATETIME NOT NULL,
    "awaitsCode" BOOLEAN NOT NULL,
    CONSTRAINT "Session_adminName_fkey" FOREIGN KEY ("adminName") REFERENCES "Admin" ("name") ON DELETE CASCADE ON UPDATE CASCADE
);

DROP TABLE "LoginFailures";
CREATE TABLE "LoginFailures" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "count" INTEGER NOT NULL,
    "lastAt" DATETIME NOT NULL,
    "refused" BOOLEAN NOT NULL
);

CREATE TABLE "Secret" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "value" TEXT NOT NULL
);
INSERT INTO "Secret" ("name", "value") VALUES ('login-failures', hex(randomblob(32)));

-- The audit log, which only grows. The last trigger refuses INSERT OR REPLACE as well, which deletes unasked.
CREATE TABLE "AuditEntry" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "at" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "about" TEXT,
    "requestId" TEXT,
    "hash" TEXT NOT NULL
);
CREATE TRIGGER "AuditEntry_unchanged" BEFORE UPDATE ON "AuditEntry"
BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END;
CREATE TRIGGER "AuditEntry_kept" BEFORE DELETE ON "AuditEntry"
BEGIN SELECT RAISE(ABORT, 'audit entries are never removed'); END;
CREATE TRIGGER "AuditEntry_in_order" BEFORE INSERT ON "AuditEntry"
WHEN NEW."number" IS NOT (SELECT coalesce(max("number"), 0) + 1 FROM "AuditEntry")
BEGIN SELECT RAISE(ABORT, 'audit entries are numbered without gaps'); END;
