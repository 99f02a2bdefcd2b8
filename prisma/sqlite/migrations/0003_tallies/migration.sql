-- CreateTable
CREATE TABLE "Group" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "openedOn" TEXT NOT NULL,
    "closesOn" TEXT NOT NULL,
    "revokedOn" TEXT
);

-- CreateTable
CREATE TABLE "Tally" (
    "kind" TEXT NOT NULL,
    "questionnaireVersion" TEXT NOT NULL,
    "month" TEXT NOT NULL,
    "groupId" TEXT NOT NULL,
    "counts" TEXT NOT NULL,
    "people" INTEGER NOT NULL,

    PRIMARY KEY ("kind", "questionnaireVersion", "month", "groupId")
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

    PRIMARY KEY ("kind", "questionnaireVersion", "month", "groupId")
);

-- CreateTable
CREATE TABLE "Abandoned" (
    "questionnaireVersion" TEXT NOT NULL,
    "month" TEXT NOT NULL,
    "groupId" TEXT NOT NULL,
    "reached" INTEGER NOT NULL,
    "count" INTEGER NOT NULL,

    PRIMARY KEY ("questionnaireVersion", "month", "groupId", "reached")
);

-- AlterTable: by adding columns, not by making the tables anew, which would put the rows that refer to them at risk.
ALTER TABLE "Attempt" ADD COLUMN "reached" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "Attempt" ADD COLUMN "groupId" TEXT REFERENCES "Group" ("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "Result" ADD COLUMN "groupId" TEXT REFERENCES "Group" ("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- CreateIndex
CREATE UNIQUE INDEX "Group_tokenHash_key" ON "Group"("tokenHash");
