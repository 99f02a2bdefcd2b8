-- CreateTable
CREATE TABLE "Deletion" (
    "id" TEXT NOT NULL,
    "deletedOn" TEXT NOT NULL,

    CONSTRAINT "Deletion_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Deletion_deletedOn_idx" ON "Deletion"("deletedOn");
