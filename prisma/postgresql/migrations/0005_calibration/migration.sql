-- CreateTable
CREATE TABLE "Calibration" (
    "questionnaireVersion" TEXT NOT NULL,
    "estimatedOn" TEXT NOT NULL,
    "people" INTEGER NOT NULL,
    "available" INTEGER NOT NULL,
    "estimate" TEXT NOT NULL,

    CONSTRAINT "Calibration_pkey" PRIMARY KEY ("questionnaireVersion")
);
