-- CreateTable
CREATE TABLE "Deletion" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "deletedOn" TEXT NOT NULL
);

-- CreateIndex
CREATE INDEX "Deletion_deletedOn_idx" ON "Deletion"("deletedOn");
