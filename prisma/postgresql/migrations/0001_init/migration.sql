-- CreateTable
CREATE TABLE "Questionnaire" (
    "version" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,

    CONSTRAINT "Questionnaire_pkey" PRIMARY KEY ("version")
);

-- CreateTable
CREATE TABLE "Attempt" (
    "id" TEXT NOT NULL,
    "questionnaireVersion" TEXT NOT NULL,
    "arrangement" TEXT NOT NULL,
    "startedOn" TEXT NOT NULL,
    "savedOn" TEXT NOT NULL,
    "reached" INTEGER NOT NULL DEFAULT 0,
    "groupId" TEXT,

    CONSTRAINT "Attempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SavedPage" (
    "attemptId" TEXT NOT NULL,
    "page" TEXT NOT NULL,
    "answers" TEXT NOT NULL,
    "seconds" INTEGER,

    CONSTRAINT "SavedPage_pkey" PRIMARY KEY ("attemptId","page")
);

-- CreateTable
CREATE TABLE "Result" (
    "id" TEXT NOT NULL,
    "viewHash" TEXT NOT NULL,
    "manageHash" TEXT NOT NULL,
    "questionnaireVersion" TEXT NOT NULL,
    "scoringVersion" TEXT NOT NULL,
    "completedOn" TEXT NOT NULL,
    "arrangement" TEXT NOT NULL,
    "answers" TEXT NOT NULL,
    "seconds" TEXT NOT NULL,
    "scores" TEXT NOT NULL,
    "explanation" TEXT,
    "finding" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "groupId" TEXT,

    CONSTRAINT "Result_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Note" (
    "resultId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "writtenOn" TEXT NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "Note_pkey" PRIMARY KEY ("resultId","number")
);

-- CreateTable
CREATE TABLE "Group" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "openedOn" TEXT NOT NULL,
    "closesOn" TEXT NOT NULL,
    "revokedOn" TEXT,

    CONSTRAINT "Group_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Tally" (
    "kind" TEXT NOT NULL,
    "questionnaireVersion" TEXT NOT NULL,
    "month" TEXT NOT NULL,
    "groupId" TEXT NOT NULL,
    "counts" TEXT NOT NULL,
    "people" INTEGER NOT NULL,

    CONSTRAINT "Tally_pkey" PRIMARY KEY ("kind","questionnaireVersion","month","groupId")
);

-- CreateTable
CREATE TABLE "Snapshot" (
    "kind" TEXT NOT NULL,
    "questionnaireVersion" TEXT NOT NULL,
    "month" TEXT NOT NULL,
    "groupId" TEXT NOT NULL,
    "counts" TEXT NOT NULL,
    "takenOn" TEXT NOT NULL,
    "people" INTEGER NOT NULL,

    CONSTRAINT "Snapshot_pkey" PRIMARY KEY ("kind","questionnaireVersion","month","groupId")
);

-- CreateTable
CREATE TABLE "Abandoned" (
    "questionnaireVersion" TEXT NOT NULL,
    "month" TEXT NOT NULL,
    "groupId" TEXT NOT NULL,
    "reached" INTEGER NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "Abandoned_pkey" PRIMARY KEY ("questionnaireVersion","month","groupId","reached")
);

-- CreateTable
CREATE TABLE "Admin" (
    "name" TEXT NOT NULL,
    "passwordHash" TEXT NOT NULL,
    "createdOn" TEXT NOT NULL,
    "initialUntil" TIMESTAMP(3),
    "totpSecret" TEXT,
    "totpStep" INTEGER,

    CONSTRAINT "Admin_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "RecoveryCode" (
    "adminName" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "RecoveryCode_pkey" PRIMARY KEY ("adminName","hash")
);

-- CreateTable
CREATE TABLE "Session" (
    "id" TEXT NOT NULL,
    "adminName" TEXT NOT NULL,
    "startedAt" TIMESTAMP(3) NOT NULL,
    "seenAt" TIMESTAMP(3) NOT NULL,
    "confirmedAt" TIMESTAMP(3) NOT NULL,
    "awaitsCode" BOOLEAN NOT NULL,

    CONSTRAINT "Session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "LoginFailures" (
    "id" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "lastAt" TIMESTAMP(3) NOT NULL,
    "refused" BOOLEAN NOT NULL,

    CONSTRAINT "LoginFailures_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Secret" (
    "name" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "Secret_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "AuditEntry" (
    "number" INTEGER NOT NULL,
    "at" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "about" TEXT,
    "requestId" TEXT,
    "hash" TEXT NOT NULL,

    CONSTRAINT "AuditEntry_pkey" PRIMARY KEY ("number")
);

-- CreateIndex
CREATE INDEX "Attempt_savedOn_idx" ON "Attempt"("savedOn");

-- CreateIndex
CREATE UNIQUE INDEX "Result_viewHash_key" ON "Result"("viewHash");

-- CreateIndex
CREATE UNIQUE INDEX "Result_manageHash_key" ON "Result"("manageHash");

-- CreateIndex
CREATE INDEX "Result_questionnaireVersion_finding_idx" ON "Result"("questionnaireVersion", "finding");

-- CreateIndex
CREATE INDEX "Result_questionnaireVersion_path_idx" ON "Result"("questionnaireVersion", "path");

-- CreateIndex
CREATE INDEX "Result_completedOn_idx" ON "Result"("completedOn");

-- CreateIndex
CREATE UNIQUE INDEX "Group_tokenHash_key" ON "Group"("tokenHash");

-- AddForeignKey
ALTER TABLE "Attempt" ADD CONSTRAINT "Attempt_questionnaireVersion_fkey" FOREIGN KEY ("questionnaireVersion") REFERENCES "Questionnaire"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Attempt" ADD CONSTRAINT "Attempt_groupId_fkey" FOREIGN KEY ("groupId") REFERENCES "Group"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SavedPage" ADD CONSTRAINT "SavedPage_attemptId_fkey" FOREIGN KEY ("attemptId") REFERENCES "Attempt"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Result" ADD CONSTRAINT "Result_questionnaireVersion_fkey" FOREIGN KEY ("questionnaireVersion") REFERENCES "Questionnaire"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Result" ADD CONSTRAINT "Result_groupId_fkey" FOREIGN KEY ("groupId") REFERENCES "Group"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Note" ADD CONSTRAINT "Note_resultId_fkey" FOREIGN KEY ("resultId") REFERENCES "Result"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RecoveryCode" ADD CONSTRAINT "RecoveryCode_adminName_fkey" FOREIGN KEY ("adminName") REFERENCES "Admin"("name") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Session" ADD CONSTRAINT "Session_adminName_fkey" FOREIGN KEY ("adminName") REFERENCES "Admin"("name") ON DELETE CASCADE ON UPDATE CASCADE;

-- A key of this database's own: two random UUIDs hold 244 random bits.
INSERT INTO "Secret" ("name", "value")
VALUES ('login-failures', replace(concat(gen_random_uuid(), gen_random_uuid()), '-', ''));

-- The audit log, which only grows.
CREATE FUNCTION "refuse_to_change_audit"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit entries are never changed or removed';
END $$;
CREATE TRIGGER "AuditEntry_unchanged" BEFORE UPDATE ON "AuditEntry"
FOR EACH ROW EXECUTE FUNCTION "refuse_to_change_audit"();
CREATE TRIGGER "AuditEntry_kept" BEFORE DELETE ON "AuditEntry"
FOR EACH ROW EXECUTE FUNCTION "refuse_to_change_audit"();
CREATE TRIGGER "AuditEntry_never_emptied" BEFORE TRUNCATE ON "AuditEntry"
FOR EACH STATEMENT EXECUTE FUNCTION "refuse_to_change_audit"();

CREATE FUNCTION "number_audit_without_gaps"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."number" IS DISTINCT FROM (SELECT coalesce(max("number"), 0) + 1 FROM "AuditEntry") THEN
    RAISE EXCEPTION 'audit entries are numbered without gaps';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "AuditEntry_in_order" BEFORE INSERT ON "AuditEntry"
FOR EACH ROW EXECUTE FUNCTION "number_audit_without_gaps"();
