-- CreateTable
CREATE TABLE "Calibration" (
    "questionnaireVersion" TEXT NOT NULL PRIMARY KEY,
    "estimatedOn" TEXT NOT NULL,
    "people" INTEGER NOT NULL,
    "available" INTEGER NOT NULL,
    "estimate" TEXT NOT NULL
);
