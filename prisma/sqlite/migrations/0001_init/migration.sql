-- CreateTable
CREATE TABLE "Questionnaire" (
    "version" TEXT NOT NULL PRIMARY KEY,
    "sha256" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Attempt" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "questionnaireVersion" TEXT NOT NULL,
    "arrangement" TEXT NOT NULL,
    "startedOn" TEXT NOT NULL,
    "savedOn" TEXT NOT NULL,
    CONSTRAINT "Attempt_questionnaireVersion_fkey" FOREIGN KEY ("questionnaireVersion") REFERENCES "Questionnaire" ("version") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "SavedPage" (
    "attemptId" TEXT NOT NULL,
    "page" TEXT NOT NULL,
    "answers" TEXT NOT NULL,
    "seconds" INTEGER,

    PRIMARY KEY ("attemptId", "page"),
    CONSTRAINT "SavedPage_attemptId_fkey" FOREIGN KEY ("attemptId") REFERENCES "Attempt" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Result" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "viewHash" TEXT NOT NULL,
    "manageHash" TEXT NOT NULL,
    "questionnaireVersion" TEXT NOT NULL,
    "scoringVersion" TEXT NOT NULL,
    "completedOn" TEXT NOT NULL,
    "arrangement" TEXT NOT NULL,
    "answers" TEXT NOT NULL,
    "seconds" TEXT NOT NULL,
    "scores" TEXT NOT NULL,
    "finding" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    CONSTRAINT "Result_questionnaireVersion_fkey" FOREIGN KEY ("questionnaireVersion") REFERENCES "Questionnaire" ("version") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Admin" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "passwordHash" TEXT NOT NULL,
    "createdOn" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Session" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "adminName" TEXT NOT NULL,
    "startedAt" DATETIME NOT NULL,
    "seenAt" DATETIME NOT NULL,
    CONSTRAINT "Session_adminName_fkey" FOREIGN KEY ("adminName") REFERENCES "Admin" ("name") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "LoginFailures" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "count" INTEGER NOT NULL,
    "lastAt" DATETIME NOT NULL
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
