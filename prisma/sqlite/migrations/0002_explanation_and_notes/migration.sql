-- AlterTable
ALTER TABLE "Result" ADD COLUMN "explanation" TEXT;

-- CreateTable
CREATE TABLE "Note" (
    "resultId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "writtenOn" TEXT NOT NULL,
    "text" TEXT NOT NULL,

    PRIMARY KEY ("resultId", "number"),
    CONSTRAINT "Note_resultId_fkey" FOREIGN KEY ("resultId") REFERENCES "Result" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
